"""References of the tables that grow by the ten thousand are proved once for each statement, not once for each row.

A foreign key asks the parent table for every single row when the transaction ends: half a second for a large import.
One set-based question per statement proves the same, since positions are never removed. See docs/locking.md.
"""

from importlib import import_module
from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

former = import_module("dekon.ledger.migrations.0002_guards")

REQUIRE = """
CREATE FUNCTION dekon_require_parents() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    missing text;
BEGIN
    EXECUTE format('SELECT a.%1$I::text FROM added a WHERE a.%1$I IS NOT NULL'
                   ' AND NOT EXISTS (SELECT 1 FROM %2$I p WHERE p.id = a.%1$I) LIMIT 1', TG_ARGV[0], TG_ARGV[1])
    INTO missing;
    IF missing IS NOT NULL THEN
        RAISE EXCEPTION '%.% names row % of %, which is not there', TG_TABLE_NAME, TG_ARGV[0], missing, TG_ARGV[1]
            USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER ledger_pos_has_satker AFTER INSERT ON ledger_pos
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION dekon_require_parents('satker_id', 'org_satker');
CREATE FUNCTION ledger_keep_satker() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM ledger_pos WHERE satker_id = OLD.id) THEN
        RAISE EXCEPTION 'satker % has positions in the book', OLD.code USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER ledger_satker_kept BEFORE DELETE ON org_satker FOR EACH ROW EXECUTE FUNCTION ledger_keep_satker();
CREATE TRIGGER ledger_pos_kept BEFORE DELETE ON ledger_pos
FOR EACH ROW EXECUTE FUNCTION dekon_refuse_change();
"""

FORGET_REQUIRE = """
DROP TRIGGER ledger_pos_kept ON ledger_pos;
DROP TRIGGER ledger_satker_kept ON org_satker;
DROP TRIGGER ledger_pos_has_satker ON ledger_pos;
DROP FUNCTION dekon_require_parents, ledger_keep_satker;
"""

CARRY = """
CREATE OR REPLACE FUNCTION ledger_carry_entries() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    named bigint;
    carried bigint;
BEGIN
    IF EXISTS (SELECT 1 FROM added WHERE kind = 'reverse') THEN
        IF EXISTS (
            SELECT 1 FROM added a JOIN ledger_entry e ON e.id = a.reverses_id
            WHERE a.kind = 'reverse'
              AND (e.pos_id, e.amount_rp, e.kind) IS DISTINCT FROM (a.pos_id, a.amount_rp, a.reversed_kind)
        ) THEN
            RAISE EXCEPTION 'a reversal must name the position, amount and kind of the entry it reverses'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_reverse_matches';
        END IF;
    END IF;

    PERFORM 1 FROM ledger_pos WHERE id IN (SELECT pos_id FROM added) ORDER BY id FOR UPDATE;
    GET DIAGNOSTICS named = ROW_COUNT;

    WITH moved AS MATERIALIZED (
        SELECT a.pos_id, a.effective_on, sum(f.pagu) AS pagu, sum(f.blocked) AS blocked,
               sum(f.reserved) AS reserved, sum(f.realised) AS realised
        FROM added a, LATERAL ledger_effects(a.kind, a.reversed_kind, a.amount_rp) f
        GROUP BY a.pos_id, a.effective_on
    ), by_day AS (
        INSERT INTO ledger_dailysum AS s
            (pos_id, effective_on, fiscal_year, pagu_rp, blocked_rp, reserved_rp, realised_rp)
        SELECT m.pos_id, m.effective_on, p.fiscal_year, m.pagu, m.blocked, m.reserved, m.realised
        FROM moved m JOIN ledger_pos p ON p.id = m.pos_id
        ORDER BY m.pos_id, m.effective_on
        ON CONFLICT (pos_id, effective_on) DO UPDATE
        SET pagu_rp = s.pagu_rp + excluded.pagu_rp, blocked_rp = s.blocked_rp + excluded.blocked_rp,
            reserved_rp = s.reserved_rp + excluded.reserved_rp, realised_rp = s.realised_rp + excluded.realised_rp
    )
    UPDATE ledger_pos p
    SET pagu_rp = p.pagu_rp + d.pagu, blocked_rp = p.blocked_rp + d.blocked,
        reserved_rp = p.reserved_rp + d.reserved, realised_rp = p.realised_rp + d.realised
    FROM (
        SELECT pos_id, sum(pagu) AS pagu, sum(blocked) AS blocked, sum(reserved) AS reserved, sum(realised) AS realised
        FROM moved GROUP BY pos_id
    ) d
    WHERE p.id = d.pos_id;

    SELECT count(DISTINCT pos_id) INTO carried FROM added;
    IF named <> carried THEN
        RAISE EXCEPTION 'an entry names a position that is not there' USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;
"""

FORMER_CARRY = former.CARRY.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION").split(
    "CREATE TRIGGER", maxsplit=1
)[0]

TOTALS = """
CREATE OR REPLACE FUNCTION ledger_refuse_hand_on_totals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'totals of a position move only with entries' USING ERRCODE = 'insufficient_privilege';
END $$;
DROP TRIGGER ledger_pos_totals_kept ON ledger_pos;
CREATE TRIGGER ledger_pos_totals_kept BEFORE UPDATE ON ledger_pos FOR EACH ROW
WHEN (pg_trigger_depth() < 1
      AND (OLD.pagu_rp, OLD.blocked_rp, OLD.reserved_rp, OLD.realised_rp, OLD.parked_rp)
          IS DISTINCT FROM (NEW.pagu_rp, NEW.blocked_rp, NEW.reserved_rp, NEW.realised_rp, NEW.parked_rp))
EXECUTE FUNCTION ledger_refuse_hand_on_totals();
CREATE TRIGGER ledger_dailysum_kept BEFORE INSERT OR UPDATE OR DELETE ON ledger_dailysum FOR EACH STATEMENT
WHEN (pg_trigger_depth() < 1) EXECUTE FUNCTION ledger_refuse_hand_on_totals();
CREATE TRIGGER ledger_dailysum_not_emptied BEFORE TRUNCATE ON ledger_dailysum
FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_hand_on_totals();
CREATE TRIGGER ledger_pos_path_kept BEFORE UPDATE OF fiscal_year, satker_id, program, kegiatan, kro, ro, komponen,
    subkomponen, akun ON ledger_pos
FOR EACH ROW EXECUTE FUNCTION dekon_refuse_change();
"""

FORMER_TOTALS = """
DROP TRIGGER ledger_pos_path_kept ON ledger_pos;
DROP TRIGGER ledger_dailysum_not_emptied ON ledger_dailysum;
DROP TRIGGER ledger_dailysum_kept ON ledger_dailysum;
DROP TRIGGER ledger_pos_totals_kept ON ledger_pos;
CREATE OR REPLACE FUNCTION ledger_refuse_hand_on_totals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'totals of a position move only with entries' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_pos_totals_kept BEFORE UPDATE ON ledger_pos FOR EACH ROW
WHEN ((OLD.pagu_rp, OLD.blocked_rp, OLD.reserved_rp, OLD.realised_rp, OLD.parked_rp)
      IS DISTINCT FROM (NEW.pagu_rp, NEW.blocked_rp, NEW.reserved_rp, NEW.realised_rp, NEW.parked_rp))
EXECUTE FUNCTION ledger_refuse_hand_on_totals();
"""


ROOM_ON_PAGES = """
-- The totals of a position move often: half of each page stays free, so that the new version stays on it and no index grows.
ALTER TABLE ledger_pos SET (fillfactor = 45);
"""


class Migration(migrations.Migration):
    """Statement-level proofs in place of row-level foreign keys."""

    dependencies: ClassVar = [("ledger", "0002_guards")]
    operations: ClassVar = [
        migrations.AlterField(
            model_name="entry",
            name="pos",
            field=models.ForeignKey(
                db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT,
                related_name="entries", to="ledger.pos",
            ),
        ),
        migrations.AlterField(
            model_name="pos",
            name="satker",
            field=models.ForeignKey(
                db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT,
                related_name="+", to="org.satker",
            ),
        ),
        migrations.AlterField(
            model_name="dailysum",
            name="pos",
            field=models.ForeignKey(
                db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT,
                related_name="+", to="ledger.pos",
            ),
        ),
        migrations.RunSQL(REQUIRE, FORGET_REQUIRE),
        migrations.RunSQL(CARRY, FORMER_CARRY),
        migrations.RunSQL(TOTALS, FORMER_TOTALS),
        migrations.RunSQL(ROOM_ON_PAGES, "ALTER TABLE ledger_pos RESET (fillfactor)"),
    ]  # fmt: skip
