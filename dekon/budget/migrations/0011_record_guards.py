"""A record is never changed or removed: it is withdrawn, and one that an import replaced may come back."""

from typing import ClassVar

from django.db import migrations

WITHDRAWAL = "'withdrawn_at' - 'withdrawn_by_id' - 'withdrawal_reason' - 'replaced_by_id' - 'seen_since'"
KEEP = f"""
CREATE FUNCTION budget_only_withdraw_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (to_jsonb(NEW) - {WITHDRAWAL}) IS DISTINCT FROM (to_jsonb(OLD) - {WITHDRAWAL})
       OR (OLD.withdrawn_at IS NOT NULL AND OLD.replaced_by_id IS NULL)
    THEN
        RAISE EXCEPTION 'a record is never changed, only withdrawn once'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER budget_executionrecord_kept BEFORE UPDATE ON budget_executionrecord
FOR EACH ROW EXECUTE FUNCTION budget_only_withdraw_record();
CREATE TRIGGER budget_executionrecord_not_removed BEFORE DELETE ON budget_executionrecord
FOR EACH ROW EXECUTE FUNCTION dekon_refuse_change();
"""
FORGET = """
DROP TRIGGER budget_executionrecord_not_removed ON budget_executionrecord;
DROP TRIGGER budget_executionrecord_kept ON budget_executionrecord;
DROP FUNCTION budget_only_withdraw_record;
"""


class Migration(migrations.Migration):
    """Triggers of records."""

    dependencies: ClassVar = [("budget", "0010_execution_records"), ("audit", "0002_append_only")]
    operations: ClassVar = [migrations.RunSQL(KEEP, FORGET)]
