"""An entry lies within the fiscal year of its position, and what waited is called posted only with its entry."""

from typing import ClassVar

from django.db import migrations

WITHIN = """
CREATE FUNCTION ledger_within_year() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM (SELECT pos_id, min(effective_on) AS first, max(effective_on) AS last FROM added GROUP BY 1) a
        JOIN ledger_pos p ON p.id = a.pos_id
        WHERE a.first < make_date(p.fiscal_year, 1, 1) OR a.last > make_date(p.fiscal_year, 12, 31)
    ) THEN
        RAISE EXCEPTION 'an entry lies within the fiscal year of its position'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_within_year';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_entry_within_year AFTER INSERT ON ledger_entry
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_within_year();

CREATE FUNCTION ledger_posted_has_entry() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM ledger_entry e WHERE e.source = NEW.source) THEN
        RAISE EXCEPTION 'a payment that waits is posted by its entry' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_parked_posted_has_entry BEFORE UPDATE ON ledger_parked FOR EACH ROW
WHEN (NEW.state = 'posted' AND OLD.state <> 'posted') EXECUTE FUNCTION ledger_posted_has_entry();
"""

FORGET = """
DROP TRIGGER ledger_parked_posted_has_entry ON ledger_parked;
DROP TRIGGER ledger_entry_within_year ON ledger_entry;
DROP FUNCTION ledger_posted_has_entry, ledger_within_year;
"""


class Migration(migrations.Migration):
    """Two guards more."""

    dependencies: ClassVar = [("ledger", "0004_displaced_by_source")]
    operations: ClassVar = [migrations.RunSQL(WITHIN, FORGET)]
