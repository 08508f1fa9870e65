"""What was issued stays as it was issued; only its revocation is added, once."""

from typing import ClassVar

from django.db import migrations

KEEP = """
CREATE FUNCTION documents_only_revoke() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.revoked_at IS NOT NULL
       OR (to_jsonb(NEW) - 'revoked_at' - 'revoked_reason') IS DISTINCT FROM (to_jsonb(OLD) - 'revoked_at' - 'revoked_reason')
    THEN
        RAISE EXCEPTION 'an issued document is never changed, only revoked once' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER documents_document_kept BEFORE UPDATE ON documents_document
FOR EACH ROW EXECUTE FUNCTION documents_only_revoke();
CREATE TRIGGER documents_document_not_removed BEFORE DELETE ON documents_document
FOR EACH ROW EXECUTE FUNCTION dekon_refuse_change();
CREATE TRIGGER documents_document_not_emptied BEFORE TRUNCATE ON documents_document
FOR EACH STATEMENT EXECUTE FUNCTION dekon_refuse_change();
"""

FORGET = """
DROP TRIGGER documents_document_not_emptied ON documents_document;
DROP TRIGGER documents_document_not_removed ON documents_document;
DROP TRIGGER documents_document_kept ON documents_document;
DROP FUNCTION documents_only_revoke;
"""


class Migration(migrations.Migration):
    """Triggers of the documents."""

    dependencies: ClassVar = [("documents", "0001_initial"), ("audit", "0002_append_only")]
    operations: ClassVar = [migrations.RunSQL(KEEP, FORGET)]
