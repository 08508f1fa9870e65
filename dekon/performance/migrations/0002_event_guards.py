"""What happened to an alert stays as it was written."""

from typing import ClassVar

from django.db import migrations

KEEP = """
CREATE TRIGGER performance_alertevent_kept BEFORE UPDATE OR DELETE ON performance_alertevent
FOR EACH ROW EXECUTE FUNCTION dekon_refuse_change();
CREATE TRIGGER performance_alertevent_not_emptied BEFORE TRUNCATE ON performance_alertevent
FOR EACH STATEMENT EXECUTE FUNCTION dekon_refuse_change();
"""
FORGET = """
DROP TRIGGER performance_alertevent_not_emptied ON performance_alertevent;
DROP TRIGGER performance_alertevent_kept ON performance_alertevent;
"""


class Migration(migrations.Migration):
    """Triggers of the alerts."""

    dependencies: ClassVar = [("performance", "0001_initial"), ("audit", "0002_append_only")]
    operations: ClassVar = [migrations.RunSQL(KEEP, FORGET)]
