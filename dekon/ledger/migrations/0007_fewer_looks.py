"""The same proofs with fewer looks at the same rows: a large import spends most of its time on its entries.

Rupiah are summed as the integers they are (a usual sum of them is a decimal), position and year are proved in one
question, what an entry reverses is proved once for each statement, and the numbers of what was posted together,
which ascend as the book grows, need no tree.
"""

from importlib import import_module
from typing import ClassVar

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

former = import_module("dekon.ledger.migrations.0003_references_by_statement")
former_year = import_module("dekon.ledger.migrations.0005_within_the_year")

SUM = """
CREATE AGGREGATE sum_rp(bigint) (SFUNC = int8pl, STYPE = bigint, INITCOND = '0', COMBINEFUNC = int8pl, PARALLEL = SAFE);
"""

CARRY = """
CREATE OR REPLACE FUNCTION ledger_carry_entries() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    named bigint;
    held bigint;
    within boolean;
BEGIN
    IF EXISTS (SELECT 1 FROM added WHERE kind = 'reverse') AND EXISTS (
        SELECT 1 FROM added a LEFT JOIN ledger_entry e ON e.id = a.reverses_id
        WHERE a.kind = 'reverse'
          AND (e.pos_id, e.amount_rp, e.kind) IS DISTINCT FROM (a.pos_id, a.amount_rp, a.reversed_kind)
    ) THEN
        RAISE EXCEPTION 'a reversal must name the position, amount and kind of the entry it reverses'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_reverse_matches';
    END IF;

    -- The service has locked them (docs/locking.md); whoever writes beside it is made to keep the same order.
    IF current_setting('dekon.positions_held', true) IS DISTINCT FROM 'yes' THEN
        PERFORM 1 FROM ledger_pos WHERE id IN (SELECT pos_id FROM added) ORDER BY id FOR UPDATE;
    END IF;

    WITH moved AS MATERIALIZED (
        SELECT a.pos_id, a.effective_on, sum_rp(f.pagu) AS pagu, sum_rp(f.blocked) AS blocked,
               sum_rp(f.reserved) AS reserved, sum_rp(f.realised) AS realised
        FROM added a, LATERAL ledger_effects(a.kind, a.reversed_kind, a.amount_rp) f
        GROUP BY a.pos_id, a.effective_on
    ), totals AS MATERIALIZED (
        SELECT pos_id, sum_rp(pagu) AS pagu, sum_rp(blocked) AS blocked, sum_rp(reserved) AS reserved,
               sum_rp(realised) AS realised, min(effective_on) AS first_on, max(effective_on) AS last_on
        FROM moved GROUP BY pos_id
    ), carried AS (
        UPDATE ledger_pos p
        SET pagu_rp = p.pagu_rp + t.pagu, blocked_rp = p.blocked_rp + t.blocked,
            reserved_rp = p.reserved_rp + t.reserved, realised_rp = p.realised_rp + t.realised
        FROM totals t WHERE p.id = t.pos_id
        RETURNING t.first_on >= make_date(p.fiscal_year, 1, 1) AND t.last_on <= make_date(p.fiscal_year, 12, 31) AS fits
    ), grown AS (
        UPDATE ledger_dailysum s
        SET pagu_rp = s.pagu_rp + m.pagu, blocked_rp = s.blocked_rp + m.blocked,
            reserved_rp = s.reserved_rp + m.reserved, realised_rp = s.realised_rp + m.realised
        FROM moved m WHERE s.pos_id = m.pos_id AND s.effective_on = m.effective_on
        RETURNING s.pos_id, s.effective_on
    ), begun AS (
        INSERT INTO ledger_dailysum (pos_id, effective_on, fiscal_year, pagu_rp, blocked_rp, reserved_rp, realised_rp)
        SELECT pos_id, effective_on, extract(year FROM effective_on), pagu, blocked, reserved, realised FROM moved m
        WHERE NOT EXISTS (SELECT 1 FROM grown g WHERE g.pos_id = m.pos_id AND g.effective_on = m.effective_on)
        ORDER BY pos_id, effective_on
    )
    SELECT (SELECT count(*) FROM totals), count(*), bool_and(fits) INTO named, held, within FROM carried;

    IF named <> held THEN
        RAISE EXCEPTION 'an entry names a position that is not there' USING ERRCODE = 'foreign_key_violation';
    ELSIF NOT within THEN
        RAISE EXCEPTION 'an entry lies within the fiscal year of its position'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_within_year';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER ledger_entry_within_year ON ledger_entry;
DROP FUNCTION ledger_within_year;
"""

FORMER_WITHIN = former_year.WITHIN.split("CREATE FUNCTION ledger_posted_has_entry", maxsplit=1)[0]


class Migration(migrations.Migration):
    """A leaner way to carry entries into totals."""

    dependencies: ClassVar = [("ledger", "0006_parked_by_statement")]
    operations: ClassVar = [
        migrations.RunSQL(SUM, "DROP AGGREGATE sum_rp(bigint)"),
        migrations.RunSQL(CARRY, former.CARRY + FORMER_WITHIN),
        migrations.AlterField(
            model_name="entry",
            name="reverses",
            field=models.ForeignKey(
                db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT,
                related_name="+", to="ledger.entry",
            ),
        ),
        migrations.RemoveIndex(model_name="entry", name="ledger_entry_batch"),
        migrations.AddIndex(
            model_name="entry",
            index=django.contrib.postgres.indexes.BrinIndex(
                fields=["batch"], name="ledger_entry_batch", autosummarize=True, pages_per_range=16
            ),
        ),
    ]  # fmt: skip
