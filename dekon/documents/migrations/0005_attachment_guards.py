"""What was attached stays as it was attached."""

from typing import ClassVar

from django.db import migrations

KEEP = """
CREATE TRIGGER documents_attachment_kept BEFORE UPDATE OR DELETE ON documents_attachment
FOR EACH ROW EXECUTE FUNCTION dekon_refuse_change();
CREATE TRIGGER documents_attachment_not_emptied BEFORE TRUNCATE ON documents_attachment
FOR EACH STATEMENT EXECUTE FUNCTION dekon_refuse_change();
"""

FORGET = """
DROP TRIGGER documents_attachment_not_emptied ON documents_attachment;
DROP TRIGGER documents_attachment_kept ON documents_attachment;
"""


class Migration(migrations.Migration):
    """Triggers of the attachments."""

    dependencies: ClassVar = [("documents", "0004_attachment"), ("audit", "0002_append_only")]
    operations: ClassVar = [migrations.RunSQL(KEEP, FORGET)]
