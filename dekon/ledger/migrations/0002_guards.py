"""The rules of the book that hold against everybody, also against plain SQL. See docs/locking.md."""

from typing import ClassVar

from django.db import migrations

EFFECTS = """
CREATE FUNCTION ledger_effects(kind text, reversed_kind text, amount bigint)
RETURNS TABLE (pagu bigint, blocked bigint, reserved bigint, realised bigint)
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT
        CASE what WHEN 'allocate' THEN signed WHEN 'increase' THEN signed WHEN 'decrease' THEN -signed ELSE 0 END,
        CASE what WHEN 'block' THEN signed WHEN 'unblock' THEN -signed ELSE 0 END,
        CASE what WHEN 'reserve' THEN signed WHEN 'release' THEN -signed ELSE 0 END,
        CASE what WHEN 'realise' THEN signed WHEN 'return' THEN -signed ELSE 0 END
    FROM (SELECT CASE kind WHEN 'reverse' THEN reversed_kind ELSE kind END AS what,
                 CASE kind WHEN 'reverse' THEN -amount ELSE amount END AS signed) AS entry
$$;
"""

CARRY = """
CREATE FUNCTION ledger_carry_entries() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM added a JOIN ledger_entry e ON e.id = a.reverses_id
        WHERE a.kind = 'reverse'
          AND (e.pos_id, e.amount_rp, e.kind) IS DISTINCT FROM (a.pos_id, a.amount_rp, a.reversed_kind)
    ) THEN
        RAISE EXCEPTION 'a reversal must name the position, amount and kind of the entry it reverses'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_reverse_matches';
    END IF;

    PERFORM 1 FROM ledger_pos WHERE id IN (SELECT pos_id FROM added) ORDER BY id FOR UPDATE;

    UPDATE ledger_pos p
    SET pagu_rp = p.pagu_rp + d.pagu, blocked_rp = p.blocked_rp + d.blocked,
        reserved_rp = p.reserved_rp + d.reserved, realised_rp = p.realised_rp + d.realised
    FROM (
        SELECT a.pos_id, sum(f.pagu) AS pagu, sum(f.blocked) AS blocked,
               sum(f.reserved) AS reserved, sum(f.realised) AS realised
        FROM added a, LATERAL ledger_effects(a.kind, a.reversed_kind, a.amount_rp) f
        GROUP BY a.pos_id
    ) d
    WHERE p.id = d.pos_id;

    INSERT INTO ledger_dailysum AS s
        (pos_id, effective_on, fiscal_year, pagu_rp, blocked_rp, reserved_rp, realised_rp)
    SELECT a.pos_id, a.effective_on, min(p.fiscal_year), sum(f.pagu), sum(f.blocked), sum(f.reserved), sum(f.realised)
    FROM added a JOIN ledger_pos p ON p.id = a.pos_id, LATERAL ledger_effects(a.kind, a.reversed_kind, a.amount_rp) f
    GROUP BY a.pos_id, a.effective_on
    ORDER BY a.pos_id, a.effective_on
    ON CONFLICT (pos_id, effective_on) DO UPDATE
    SET pagu_rp = s.pagu_rp + excluded.pagu_rp, blocked_rp = s.blocked_rp + excluded.blocked_rp,
        reserved_rp = s.reserved_rp + excluded.reserved_rp, realised_rp = s.realised_rp + excluded.realised_rp;
    RETURN NULL;
END $$;

CREATE TRIGGER ledger_entry_carry AFTER INSERT ON ledger_entry
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_carry_entries();
"""

PARKED = """
CREATE FUNCTION ledger_carry_parked() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    before bigint := CASE WHEN TG_OP = 'UPDATE' AND OLD.state = 'open' THEN OLD.amount_rp ELSE 0 END;
    after bigint := CASE WHEN NEW.state = 'open' THEN NEW.amount_rp ELSE 0 END;
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.pos_id, OLD.amount_rp, OLD.effective_on, OLD.order_no, OLD.source)
        IS DISTINCT FROM (NEW.pos_id, NEW.amount_rp, NEW.effective_on, NEW.order_no, NEW.source) THEN
        RAISE EXCEPTION 'of a parked payment only the state moves on' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF after <> before THEN
        UPDATE ledger_pos SET parked_rp = parked_rp + after - before WHERE id = NEW.pos_id;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER ledger_parked_carry AFTER INSERT OR UPDATE ON ledger_parked
FOR EACH ROW EXECUTE FUNCTION ledger_carry_parked();
"""

REFUSALS = """
CREATE TRIGGER ledger_entry_unchangeable BEFORE UPDATE OR DELETE ON ledger_entry
FOR EACH ROW EXECUTE FUNCTION dekon_refuse_change();
CREATE TRIGGER ledger_entry_not_emptied BEFORE TRUNCATE ON ledger_entry
FOR EACH STATEMENT EXECUTE FUNCTION dekon_refuse_change();
CREATE TRIGGER ledger_parked_kept BEFORE DELETE ON ledger_parked
FOR EACH ROW EXECUTE FUNCTION dekon_refuse_change();
CREATE TRIGGER ledger_parked_not_emptied BEFORE TRUNCATE ON ledger_parked
FOR EACH STATEMENT EXECUTE FUNCTION dekon_refuse_change();
CREATE TRIGGER ledger_pos_not_emptied BEFORE TRUNCATE ON ledger_pos
FOR EACH STATEMENT EXECUTE FUNCTION dekon_refuse_change();

CREATE FUNCTION ledger_refuse_hand_on_totals() RETURNS trigger LANGUAGE plpgsql AS $$
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

CREATE FUNCTION ledger_refuse_prefilled_pos() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a position starts with empty totals' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER ledger_pos_starts_empty BEFORE INSERT ON ledger_pos FOR EACH ROW
WHEN ((NEW.pagu_rp, NEW.blocked_rp, NEW.reserved_rp, NEW.realised_rp, NEW.parked_rp) IS DISTINCT FROM (0, 0, 0, 0, 0))
EXECUTE FUNCTION ledger_refuse_prefilled_pos();
"""

FORGET = """
DROP TRIGGER ledger_pos_starts_empty ON ledger_pos;
DROP TRIGGER ledger_pos_totals_kept ON ledger_pos;
DROP TRIGGER ledger_pos_not_emptied ON ledger_pos;
DROP TRIGGER ledger_parked_not_emptied ON ledger_parked;
DROP TRIGGER ledger_parked_kept ON ledger_parked;
DROP TRIGGER ledger_entry_not_emptied ON ledger_entry;
DROP TRIGGER ledger_entry_unchangeable ON ledger_entry;
DROP TRIGGER ledger_parked_carry ON ledger_parked;
DROP TRIGGER ledger_entry_carry ON ledger_entry;
DROP FUNCTION ledger_refuse_prefilled_pos, ledger_refuse_hand_on_totals, ledger_carry_parked, ledger_carry_entries;
DROP FUNCTION ledger_effects(text, text, bigint);
"""


class Migration(migrations.Migration):
    """Triggers and functions of the book."""

    dependencies: ClassVar = [("ledger", "0001_initial"), ("audit", "0002_append_only")]
    operations: ClassVar = [migrations.RunSQL(EFFECTS + CARRY + PARKED + REFUSALS, FORGET)]
