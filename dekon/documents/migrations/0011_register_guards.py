"""What the register and a scan say stays as it was said; a place is signed by hand or with a key, never both."""

from typing import ClassVar

from django.db import migrations

KEEP = """
CREATE TRIGGER documents_registerentry_kept BEFORE UPDATE OR DELETE ON documents_registerentry
FOR EACH ROW EXECUTE FUNCTION dekon_refuse_change();
CREATE TRIGGER documents_registerentry_not_emptied BEFORE TRUNCATE ON documents_registerentry
FOR EACH STATEMENT EXECUTE FUNCTION dekon_refuse_change();
CREATE FUNCTION documents_paper_only_withdraw() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.withdrawn_at IS NOT NULL
       OR (to_jsonb(NEW) - 'withdrawn_at' - 'withdrawn_by_id' - 'withdrawal_reason')
          IS DISTINCT FROM (to_jsonb(OLD) - 'withdrawn_at' - 'withdrawn_by_id' - 'withdrawal_reason')
    THEN
        RAISE EXCEPTION 'a scan is never changed, only withdrawn once' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER documents_papersignature_kept BEFORE UPDATE ON documents_papersignature
FOR EACH ROW EXECUTE FUNCTION documents_paper_only_withdraw();
CREATE TRIGGER documents_papersignature_not_removed BEFORE DELETE ON documents_papersignature
FOR EACH ROW EXECUTE FUNCTION dekon_refuse_change();
CREATE TRIGGER documents_papersignature_not_emptied BEFORE TRUNCATE ON documents_papersignature
FOR EACH STATEMENT EXECUTE FUNCTION dekon_refuse_change();
CREATE FUNCTION documents_place_once_either_way() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'documents_papersignature' AND EXISTS (
        SELECT 1 FROM documents_placedsignature s WHERE s.place_id = NEW.place_id)
       OR TG_TABLE_NAME = 'documents_placedsignature' AND EXISTS (
        SELECT 1 FROM documents_papersignature p WHERE p.place_id = NEW.place_id AND p.withdrawn_at IS NULL)
    THEN
        RAISE EXCEPTION 'a place is signed by hand or with a key, never both' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER documents_papersignature_alone BEFORE INSERT ON documents_papersignature
FOR EACH ROW EXECUTE FUNCTION documents_place_once_either_way();
CREATE TRIGGER documents_placedsignature_alone BEFORE INSERT ON documents_placedsignature
FOR EACH ROW EXECUTE FUNCTION documents_place_once_either_way();
"""

FORGET = """
DROP TRIGGER documents_placedsignature_alone ON documents_placedsignature;
DROP TRIGGER documents_papersignature_alone ON documents_papersignature;
DROP FUNCTION documents_place_once_either_way;
DROP TRIGGER documents_papersignature_not_emptied ON documents_papersignature;
DROP TRIGGER documents_papersignature_not_removed ON documents_papersignature;
DROP TRIGGER documents_papersignature_kept ON documents_papersignature;
DROP FUNCTION documents_paper_only_withdraw;
DROP TRIGGER documents_registerentry_not_emptied ON documents_registerentry;
DROP TRIGGER documents_registerentry_kept ON documents_registerentry;
"""


class Migration(migrations.Migration):
    """Triggers of the register and of signatures by hand."""

    dependencies: ClassVar = [("documents", "0010_register"), ("audit", "0002_append_only")]
    operations: ClassVar = [migrations.RunSQL(KEEP, FORGET)]
