"""An attendance is never changed or removed, only declared void, once."""

from typing import ClassVar

from django.db import migrations

KEEP = """
CREATE FUNCTION coordination_attendance_only_void() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.voided_at IS NOT NULL
       OR (to_jsonb(NEW) - 'voided_at' - 'voided_by_id' - 'void_reason')
          IS DISTINCT FROM (to_jsonb(OLD) - 'voided_at' - 'voided_by_id' - 'void_reason')
    THEN
        RAISE EXCEPTION 'an attendance is never changed, only declared void once'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER coordination_attendance_kept BEFORE UPDATE ON coordination_attendance
FOR EACH ROW EXECUTE FUNCTION coordination_attendance_only_void();
CREATE TRIGGER coordination_attendance_not_removed BEFORE DELETE ON coordination_attendance
FOR EACH ROW EXECUTE FUNCTION dekon_refuse_change();
CREATE TRIGGER coordination_attendance_not_emptied BEFORE TRUNCATE ON coordination_attendance
FOR EACH STATEMENT EXECUTE FUNCTION dekon_refuse_change();
"""

FORGET = """
DROP TRIGGER coordination_attendance_not_emptied ON coordination_attendance;
DROP TRIGGER coordination_attendance_not_removed ON coordination_attendance;
DROP TRIGGER coordination_attendance_kept ON coordination_attendance;
DROP FUNCTION coordination_attendance_only_void;
"""


class Migration(migrations.Migration):
    """Triggers of the attendance."""

    dependencies: ClassVar = [("coordination", "0001_meetings"), ("audit", "0002_append_only")]
    operations: ClassVar = [migrations.RunSQL(KEEP, FORGET)]
