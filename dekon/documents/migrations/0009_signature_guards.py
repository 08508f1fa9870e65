"""Revisions, places and signatures stay as they were made; a key is only revoked, once."""

from typing import ClassVar

from django.db import migrations

TABLES = ("documents_revision", "documents_signatureplace", "documents_placedsignature")

KEEP = (
    "".join(
        f"""
CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION dekon_refuse_change();
CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION dekon_refuse_change();
"""
        for table in TABLES
    )
    + """
CREATE FUNCTION documents_key_only_revoke() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.revoked_at IS NOT NULL
       OR (to_jsonb(NEW) - 'revoked_at' - 'revoked_reason') IS DISTINCT FROM (to_jsonb(OLD) - 'revoked_at' - 'revoked_reason')
    THEN
        RAISE EXCEPTION 'a signing key is never changed, only revoked once' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER documents_signingkey_kept BEFORE UPDATE ON documents_signingkey
FOR EACH ROW EXECUTE FUNCTION documents_key_only_revoke();
CREATE TRIGGER documents_signingkey_not_removed BEFORE DELETE ON documents_signingkey
FOR EACH ROW EXECUTE FUNCTION dekon_refuse_change();
CREATE TRIGGER documents_signingkey_not_emptied BEFORE TRUNCATE ON documents_signingkey
FOR EACH STATEMENT EXECUTE FUNCTION dekon_refuse_change();
"""
)

FORGET = """
DROP TRIGGER documents_signingkey_not_emptied ON documents_signingkey;
DROP TRIGGER documents_signingkey_not_removed ON documents_signingkey;
DROP TRIGGER documents_signingkey_kept ON documents_signingkey;
DROP FUNCTION documents_key_only_revoke;
""" + "".join(
    f"DROP TRIGGER {table}_not_emptied ON {table};\nDROP TRIGGER {table}_kept ON {table};\n" for table in TABLES
)


class Migration(migrations.Migration):
    """Triggers of the signatures."""

    dependencies: ClassVar = [("documents", "0008_signatures"), ("audit", "0002_append_only")]
    operations: ClassVar = [migrations.RunSQL(KEEP, FORGET)]
