"""Versions of codes are never changed or removed, whoever asks."""

from typing import ClassVar

from django.db import migrations

REFUSE = """
CREATE TRIGGER org_codeversion_unchangeable BEFORE UPDATE OR DELETE ON org_codeversion
FOR EACH ROW EXECUTE FUNCTION dekon_refuse_change();
CREATE TRIGGER org_codeversion_not_emptied BEFORE TRUNCATE ON org_codeversion
FOR EACH STATEMENT EXECUTE FUNCTION dekon_refuse_change();
"""

ALLOW = """
DROP TRIGGER org_codeversion_not_emptied ON org_codeversion;
DROP TRIGGER org_codeversion_unchangeable ON org_codeversion;
"""


class Migration(migrations.Migration):
    """Triggers of the versions."""

    dependencies: ClassVar = [("org", "0002_dated_codes"), ("audit", "0002_append_only")]
    operations: ClassVar = [migrations.RunSQL(REFUSE, ALLOW)]
