"""An attached file is withdrawn once; everything else of it stays as it was attached."""

from typing import ClassVar

from django.db import migrations

WITHDRAWAL = "'withdrawn_at' - 'withdrawn_by_id' - 'withdrawal_reason'"
KEEP = f"""
CREATE FUNCTION documents_only_withdraw() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.withdrawn_at IS NOT NULL OR NEW.withdrawn_at IS NULL
       OR (to_jsonb(NEW) - {WITHDRAWAL}) IS DISTINCT FROM (to_jsonb(OLD) - {WITHDRAWAL})
    THEN
        RAISE EXCEPTION 'an attached file is never changed, only withdrawn once'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER documents_attachment_kept ON documents_attachment;
CREATE TRIGGER documents_attachment_kept BEFORE UPDATE ON documents_attachment
FOR EACH ROW EXECUTE FUNCTION documents_only_withdraw();
CREATE TRIGGER documents_attachment_not_removed BEFORE DELETE ON documents_attachment
FOR EACH ROW EXECUTE FUNCTION dekon_refuse_change();
"""

FORGET = """
DROP TRIGGER documents_attachment_not_removed ON documents_attachment;
DROP TRIGGER documents_attachment_kept ON documents_attachment;
DROP FUNCTION documents_only_withdraw;
CREATE TRIGGER documents_attachment_kept BEFORE UPDATE OR DELETE ON documents_attachment
FOR EACH ROW EXECUTE FUNCTION dekon_refuse_change();
"""


class Migration(migrations.Migration):
    """Triggers of withdrawals."""

    dependencies: ClassVar = [("documents", "0006_withdrawal"), ("audit", "0002_append_only")]
    operations: ClassVar = [migrations.RunSQL(KEEP, FORGET)]
