"""Rows before their change, transactions with beginning and end, and the functions that views and triggers use."""

from typing import ClassVar

import django.db.models.functions.datetime
from django.db import migrations, models

FUNCTIONS = """
CREATE FUNCTION history_note() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF current_setting('dekon.noted', true) IS DISTINCT FROM pg_current_xact_id()::text THEN
        INSERT INTO history_transaction (started_at) VALUES (now());
        PERFORM set_config('dekon.noted', pg_current_xact_id()::text, true);
    END IF;
END $$;

CREATE FUNCTION history_note_statement() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM history_note();
    RETURN NULL;
END $$;

-- Two rounds: what the first one changes is carried out after everything else that waits for COMMIT.
CREATE FUNCTION history_begin_to_end() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE history_transaction SET closing = true WHERE id = NEW.id;
    RETURN NULL;
END $$;
CREATE FUNCTION history_end() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE history_transaction SET ended_at = greatest(clock_timestamp(), started_at) WHERE id = NEW.id;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER history_transaction_ends AFTER INSERT ON history_transaction
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION history_begin_to_end();
CREATE CONSTRAINT TRIGGER history_transaction_ended AFTER UPDATE OF closing ON history_transaction
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION history_end();
CREATE INDEX history_transaction_span ON history_transaction USING gist (tstzrange(started_at, ended_at))
WHERE ended_at IS NOT NULL;

CREATE FUNCTION history_moment() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT current_setting('dekon.moment')::timestamptz
$$;
-- Transactions that had begun by the moment and were not seen yet, by their beginning.
CREATE FUNCTION history_open() RETURNS timestamptz[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(started_at), '{}') FROM history_transaction
    WHERE ended_at IS NOT NULL AND tstzrange(started_at, ended_at) @> current_setting('dekon.moment')::timestamptz
$$;

CREATE TRIGGER history_rowbefore_unchangeable BEFORE UPDATE OR DELETE ON history_rowbefore
FOR EACH ROW EXECUTE FUNCTION dekon_refuse_change();
CREATE TRIGGER history_rowbefore_not_emptied BEFORE TRUNCATE ON history_rowbefore
FOR EACH STATEMENT EXECUTE FUNCTION dekon_refuse_change();
"""
FORGET = """
DROP SCHEMA IF EXISTS moment CASCADE;
DROP TRIGGER history_rowbefore_not_emptied ON history_rowbefore;
DROP TRIGGER history_rowbefore_unchangeable ON history_rowbefore;
DROP FUNCTION history_open, history_moment, history_note_statement, history_note CASCADE;
DROP FUNCTION history_begin_to_end, history_end CASCADE;
"""


class Migration(migrations.Migration):
    """The two tables of the time machine."""

    initial = True
    dependencies: ClassVar = [("audit", "0002_append_only")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="RowBefore",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("table_name", models.CharField(max_length=63)),
                ("row_key", models.TextField()),
                ("row", models.JSONField()),
                (
                    "changed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        help_text="when the transaction that changed it began",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["table_name", "changed_at"], name="history_rowbefore_since")],
            },
        ),
        migrations.CreateModel(
            name="Transaction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("started_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("closing", models.BooleanField(db_default=False)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.RunSQL(FUNCTIONS, FORGET),
    ]
