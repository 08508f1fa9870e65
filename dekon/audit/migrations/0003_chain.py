"""The trail becomes a chain: every row is linked to the one before it when its transaction commits. See docs/trail.md.

What is hashed is text that is stored as it was hashed (`body`). It holds ids and a salted hash of everything personal,
so that names can be minimised later while the chain still holds.
"""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

import dekon.audit.fields

JSON_AS_WRITTEN = """
ALTER TABLE audit_event ALTER COLUMN before TYPE json USING before::json, ALTER COLUMN after TYPE json USING after::json;
"""
JSON_AS_PARSED = """
ALTER TABLE audit_event ALTER COLUMN before TYPE jsonb USING before::jsonb, ALTER COLUMN after TYPE jsonb USING after::jsonb;
"""

SEAL = """
CREATE FUNCTION audit_part(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT octet_length(value) || ':' || value || ','
$$;

CREATE FUNCTION audit_details_hash(e audit_event) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT encode(sha256(convert_to(
        e.salt || audit_part(e.actor_name) || audit_part(e.on_behalf_of) || audit_part(e.subject_name)
        || audit_part(e.reason) || audit_part(e.before::text) || audit_part(e.after::text), 'UTF8')), 'hex')
$$;

CREATE FUNCTION audit_plain_body(e audit_event) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT concat_ws(chr(9), e.id, to_char(e.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        coalesce(e.actor_id::text, ''), e.action, e.subject_type, e.subject_id, e.satker_code, e.origin, e.request_id)
$$;

CREATE FUNCTION audit_seal_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.recorded_at := clock_timestamp();
    NEW.salt := replace(gen_random_uuid()::text, '-', '');
    NEW.minimised_at := NULL;
    NEW.body := audit_plain_body(NEW) || chr(9) || audit_details_hash(NEW);
    RETURN NEW;
END $$;
"""

FORGET_SEAL = """
DROP FUNCTION audit_seal_event;
DROP FUNCTION audit_plain_body;
DROP FUNCTION audit_details_hash;
DROP FUNCTION audit_part;
"""

LINK = """
CREATE FUNCTION audit_genesis(chain text) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT sha256(convert_to('dekon trail ' || chain, 'UTF8'))
$$;

CREATE FUNCTION audit_link_from(first_id bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    open_chain text;
    last_seq bigint;
    last_hash bytea;
    event record;
BEGIN
    FOR open_chain IN
        SELECT DISTINCT e.satker_code FROM audit_event e
        WHERE e.id >= first_id AND NOT EXISTS (SELECT 1 FROM audit_link l WHERE l.event_id = e.id) ORDER BY 1
    LOOP
        INSERT INTO audit_head (chain, seq, hash) VALUES (open_chain, 0, audit_genesis(open_chain))
        ON CONFLICT (chain) DO NOTHING;
        SELECT seq, hash INTO last_seq, last_hash FROM audit_head WHERE chain = open_chain FOR UPDATE;
        FOR event IN
            SELECT e.id, e.body FROM audit_event e WHERE e.id >= first_id AND e.satker_code = open_chain
              AND NOT EXISTS (SELECT 1 FROM audit_link l WHERE l.event_id = e.id) ORDER BY e.id
        LOOP
            last_seq := last_seq + 1;
            last_hash := sha256(last_hash || convert_to(event.body, 'UTF8'));
            INSERT INTO audit_link (event_id, chain, seq, hash) VALUES (event.id, open_chain, last_seq, last_hash);
        END LOOP;
        UPDATE audit_head SET seq = last_seq, hash = last_hash WHERE chain = open_chain;
    END LOOP;
END $$;
REVOKE EXECUTE ON FUNCTION audit_link_from FROM PUBLIC;

CREATE FUNCTION audit_link_event() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM audit_link WHERE event_id = NEW.id) THEN
        PERFORM audit_link_from(NEW.id);
    END IF;
    RETURN NULL;
END $$;
"""

FORGET_LINK = """
DROP FUNCTION audit_link_event;
DROP FUNCTION audit_link_from;
DROP FUNCTION audit_genesis;
"""

OLDER_ROWS = """
ALTER TABLE audit_event DISABLE TRIGGER audit_event_unchangeable;
UPDATE audit_event SET salt = replace(gen_random_uuid()::text, '-', '');
UPDATE audit_event e SET body = audit_plain_body(e) || chr(9) || audit_details_hash(e);
ALTER TABLE audit_event ENABLE TRIGGER audit_event_unchangeable;
SELECT audit_link_from(0);
"""

GUARDS = """
CREATE TRIGGER audit_event_sealed BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION audit_seal_event();
CREATE CONSTRAINT TRIGGER audit_event_linked AFTER INSERT ON audit_event DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION audit_link_event();
CREATE TRIGGER audit_link_unchangeable BEFORE UPDATE OR DELETE ON audit_link
FOR EACH ROW EXECUTE FUNCTION dekon_refuse_change();
CREATE TRIGGER audit_link_not_emptied BEFORE TRUNCATE ON audit_link
FOR EACH STATEMENT EXECUTE FUNCTION dekon_refuse_change();
CREATE TRIGGER audit_head_kept BEFORE DELETE OR TRUNCATE ON audit_head
FOR EACH STATEMENT EXECUTE FUNCTION dekon_refuse_change();
"""

FORGET_GUARDS = """
DROP TRIGGER audit_head_kept ON audit_head;
DROP TRIGGER audit_link_not_emptied ON audit_link;
DROP TRIGGER audit_link_unchangeable ON audit_link;
DROP TRIGGER audit_event_linked ON audit_event;
DROP TRIGGER audit_event_sealed ON audit_event;
"""


class Migration(migrations.Migration):
    """Bodies, links, heads; rows that are there already are linked in their order, each chain from its genesis."""

    dependencies: ClassVar = [("audit", "0002_append_only")]
    operations: ClassVar = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(JSON_AS_WRITTEN, JSON_AS_PARSED)],
            state_operations=[
                migrations.AlterField("event", "before", dekon.audit.fields.StoredJson(default=dict)),
                migrations.AlterField("event", "after", dekon.audit.fields.StoredJson(default=dict)),
            ],
        ),
        migrations.AddField("event", "salt", models.CharField(max_length=32, default="", editable=False)),
        migrations.AddField("event", "body", models.TextField(default="", editable=False)),
        migrations.AddField("event", "minimised_at", models.DateTimeField(null=True, editable=False)),
        migrations.AddConstraint(
            "event",
            models.CheckConstraint(
                name="audit_event_codes_plain",
                condition=models.Q(
                    *(
                        ~models.Q(**{f"{field}__regex": r"[\t\n]"})
                        for field in ("action", "subject_type", "subject_id", "satker_code", "origin", "request_id")
                    )
                ),
            ),
        ),
        migrations.CreateModel(
            "Head",
            [
                ("chain", models.CharField(max_length=6, primary_key=True, serialize=False)),
                ("seq", models.BigIntegerField()),
                ("hash", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            "Link",
            [
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name="link",
                        serialize=False, to="audit.event", db_constraint=False,
                    ),
                ),
                ("chain", models.CharField(max_length=6)),
                ("seq", models.BigIntegerField()),
                ("hash", models.BinaryField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=["chain", "seq"], name="audit_link_once")],
            },
        ),
        migrations.RunSQL(SEAL, FORGET_SEAL),
        migrations.RunSQL(LINK, FORGET_LINK),
        migrations.RunSQL(OLDER_ROWS, migrations.RunSQL.noop),
        migrations.RunSQL(GUARDS, FORGET_GUARDS),
    ]  # fmt: skip
