"""What waits is summed once a statement: thousands of payments without a ceiling cost no more than those with one."""

from importlib import import_module
from typing import ClassVar

from django.db import migrations

former = import_module("dekon.ledger.migrations.0002_guards")

CARRY = """
DROP TRIGGER ledger_parked_carry ON ledger_parked;
DROP FUNCTION ledger_carry_parked;

CREATE FUNCTION ledger_parked_only_moves_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'of a parked payment only the state moves on' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER ledger_parked_only_moves_on BEFORE UPDATE ON ledger_parked FOR EACH ROW
WHEN ((OLD.pos_id, OLD.amount_rp, OLD.effective_on, OLD.order_no, OLD.source)
      IS DISTINCT FROM (NEW.pos_id, NEW.amount_rp, NEW.effective_on, NEW.order_no, NEW.source))
EXECUTE FUNCTION ledger_parked_only_moves_on();

CREATE FUNCTION ledger_carry_new_parked() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM ledger_pos WHERE id IN (SELECT pos_id FROM added WHERE state = 'open') ORDER BY id FOR UPDATE;
    UPDATE ledger_pos p SET parked_rp = p.parked_rp + d.change
    FROM (SELECT pos_id, sum(amount_rp) AS change FROM added WHERE state = 'open' GROUP BY pos_id) d
    WHERE p.id = d.pos_id AND d.change <> 0;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_parked_carry_new AFTER INSERT ON ledger_parked
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_carry_new_parked();

CREATE FUNCTION ledger_carry_moved_parked() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM ledger_pos WHERE id IN (SELECT pos_id FROM moved) ORDER BY id FOR UPDATE;
    UPDATE ledger_pos p SET parked_rp = p.parked_rp + d.change
    FROM (SELECT n.pos_id, sum(CASE n.state WHEN 'open' THEN n.amount_rp ELSE 0 END
                               - CASE o.state WHEN 'open' THEN o.amount_rp ELSE 0 END) AS change
          FROM moved n JOIN before o ON o.id = n.id GROUP BY n.pos_id) d
    WHERE p.id = d.pos_id AND d.change <> 0;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_parked_carry_moved AFTER UPDATE ON ledger_parked
REFERENCING OLD TABLE AS before NEW TABLE AS moved FOR EACH STATEMENT EXECUTE FUNCTION ledger_carry_moved_parked();
"""

FORGET = """
DROP TRIGGER ledger_parked_carry_moved ON ledger_parked;
DROP TRIGGER ledger_parked_carry_new ON ledger_parked;
DROP TRIGGER ledger_parked_only_moves_on ON ledger_parked;
DROP FUNCTION ledger_carry_moved_parked, ledger_carry_new_parked, ledger_parked_only_moves_on;
"""


class Migration(migrations.Migration):
    """Statement triggers in place of a row trigger."""

    dependencies: ClassVar = [("ledger", "0005_within_the_year")]
    operations: ClassVar = [migrations.RunSQL(CARRY, FORGET + former.PARKED)]
