"""Steps of decisions and issues, texts of minutes, approvals and reports are kept; closed minutes take no more text."""

from typing import ClassVar

from django.db import migrations

KEPT = ("decisionevent", "issueevent", "minutesclosing", "meetingreport")
NEVER_REMOVED = ("decision", "raisedissue", "minutesblock", "minutestext")
FIXED = {
    "decision": ("state", "over_at"),
    "raisedissue": ("state", "unit_id", "answered_on", "over_at"),
    "minutesblock": ("version",),
}

KEEP = "".join(
    f"""
CREATE TRIGGER coordination_{table}_kept BEFORE UPDATE OR DELETE ON coordination_{table}
FOR EACH ROW EXECUTE FUNCTION dekon_refuse_change();
CREATE TRIGGER coordination_{table}_not_emptied BEFORE TRUNCATE ON coordination_{table}
FOR EACH STATEMENT EXECUTE FUNCTION dekon_refuse_change();"""
    for table in KEPT
) + "".join(
    f"""
CREATE TRIGGER coordination_{table}_not_removed BEFORE DELETE ON coordination_{table}
FOR EACH ROW EXECUTE FUNCTION dekon_refuse_change();
CREATE TRIGGER coordination_{table}_not_emptied BEFORE TRUNCATE ON coordination_{table}
FOR EACH STATEMENT EXECUTE FUNCTION dekon_refuse_change();"""
    for table in NEVER_REMOVED
)
MAY_CHANGE = "".join(
    f"""
CREATE FUNCTION coordination_{table}_only_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (to_jsonb(NEW) - ARRAY[{", ".join(f"'{name}'" for name in free)}])
       IS DISTINCT FROM (to_jsonb(OLD) - ARRAY[{", ".join(f"'{name}'" for name in free)}])
    THEN
        RAISE EXCEPTION 'what a meeting brought about is not rewritten' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER coordination_{table}_moves BEFORE UPDATE ON coordination_{table}
FOR EACH ROW EXECUTE FUNCTION coordination_{table}_only_moves();"""
    for table, free in FIXED.items()
)
TEXTS = """
CREATE FUNCTION coordination_minutestext_only_settles() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.settled_by_id IS NOT NULL
       OR (to_jsonb(NEW) - 'settled_by_id') IS DISTINCT FROM (to_jsonb(OLD) - 'settled_by_id')
    THEN
        RAISE EXCEPTION 'a text of the minutes is never changed, only settled once'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER coordination_minutestext_settles BEFORE UPDATE ON coordination_minutestext
FOR EACH ROW EXECUTE FUNCTION coordination_minutestext_only_settles();
CREATE FUNCTION coordination_minutes_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM coordination_minutesblock b
               JOIN coordination_minutesclosing c ON c.meeting_id = b.meeting_id WHERE b.id = NEW.block_id)
    THEN
        RAISE EXCEPTION 'the minutes are closed' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER coordination_minutestext_open BEFORE INSERT ON coordination_minutestext
FOR EACH ROW EXECUTE FUNCTION coordination_minutes_open();
"""
FORGET = (
    "".join(
        f"""
DROP TRIGGER coordination_{table}_not_emptied ON coordination_{table};
DROP TRIGGER coordination_{table}_kept ON coordination_{table};"""
        for table in KEPT
    )
    + "".join(
        f"""
DROP TRIGGER coordination_{table}_not_emptied ON coordination_{table};
DROP TRIGGER coordination_{table}_not_removed ON coordination_{table};"""
        for table in NEVER_REMOVED
    )
    + "".join(
        f"""
DROP TRIGGER coordination_{table}_moves ON coordination_{table};
DROP FUNCTION coordination_{table}_only_moves;"""
        for table in FIXED
    )
    + """
DROP TRIGGER coordination_minutestext_open ON coordination_minutestext;
DROP FUNCTION coordination_minutes_open;
DROP TRIGGER coordination_minutestext_settles ON coordination_minutestext;
DROP FUNCTION coordination_minutestext_only_settles;
"""
)


class Migration(migrations.Migration):
    """Triggers of what a meeting brings about."""

    dependencies: ClassVar = [("coordination", "0003_results"), ("audit", "0002_append_only")]
    operations: ClassVar = [migrations.RunSQL(KEEP + MAY_CHANGE + TEXTS, FORGET)]
