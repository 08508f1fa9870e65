"""A kept value is never changed or removed."""

from typing import ClassVar

from django.db import migrations

KEEP = """
CREATE TRIGGER scoring_scoresnapshot_kept BEFORE UPDATE OR DELETE ON scoring_scoresnapshot
FOR EACH ROW EXECUTE FUNCTION dekon_refuse_change();
"""
FORGET = "DROP TRIGGER scoring_scoresnapshot_kept ON scoring_scoresnapshot;"


class Migration(migrations.Migration):
    """Triggers of snapshots."""

    dependencies: ClassVar = [("scoring", "0001_snapshots"), ("audit", "0002_append_only")]
    operations: ClassVar = [migrations.RunSQL(KEEP, FORGET)]
