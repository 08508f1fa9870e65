"""Rows of the trail are never changed or removed, whoever asks."""

from typing import ClassVar

from django.db import migrations

REFUSE = """
CREATE FUNCTION dekon_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: corrections are new entries', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_event_unchangeable BEFORE UPDATE OR DELETE ON audit_event
FOR EACH ROW EXECUTE FUNCTION dekon_refuse_change();
CREATE TRIGGER audit_event_not_emptied BEFORE TRUNCATE ON audit_event
FOR EACH STATEMENT EXECUTE FUNCTION dekon_refuse_change();
"""

ALLOW = """
DROP TRIGGER audit_event_not_emptied ON audit_event;
DROP TRIGGER audit_event_unchangeable ON audit_event;
DROP FUNCTION dekon_refuse_change;
"""


class Migration(migrations.Migration):
    """Triggers of the trail."""

    dependencies: ClassVar = [("audit", "0001_initial")]
    operations: ClassVar = [migrations.RunSQL(REFUSE, ALLOW)]
