"""What was approved stays as it was; a commitment only goes on; what happened to it is never changed."""

from typing import ClassVar

from django.db import migrations

TABLES = ("coordination_wording", "coordination_commitmentstatement", "coordination_commitmentstep")
PROGRESS = "'state' - 'document_id' - 'basis' - 'approved_seq'"

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
    + f"""
CREATE FUNCTION coordination_only_goes_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (to_jsonb(NEW) - {PROGRESS}) IS DISTINCT FROM (to_jsonb(OLD) - {PROGRESS})
       OR (OLD.document_id IS NOT NULL AND (NEW.document_id, NEW.basis, NEW.approved_seq)
           IS DISTINCT FROM (OLD.document_id, OLD.basis, OLD.approved_seq))
       OR (OLD.state IN ('lengkap', 'ditarik') AND NEW.state <> OLD.state)
       OR (NEW.state = 'draf' AND OLD.state <> 'draf')
    THEN
        RAISE EXCEPTION 'a commitment only goes on; what was approved stays as it was'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER coordination_commitment_kept BEFORE UPDATE ON coordination_commitment
FOR EACH ROW EXECUTE FUNCTION coordination_only_goes_on();
CREATE TRIGGER coordination_commitment_not_removed BEFORE DELETE ON coordination_commitment
FOR EACH ROW EXECUTE FUNCTION dekon_refuse_change();
CREATE TRIGGER coordination_commitment_not_emptied BEFORE TRUNCATE ON coordination_commitment
FOR EACH STATEMENT EXECUTE FUNCTION dekon_refuse_change();

CREATE FUNCTION coordination_only_drafts_are_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM coordination_commitment c WHERE c.id = NEW.commitment_id AND c.state = 'draf') THEN
        RAISE EXCEPTION 'an approved wording is never changed' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER coordination_wording_of_draft BEFORE INSERT ON coordination_wording
FOR EACH ROW EXECUTE FUNCTION coordination_only_drafts_are_written();

CREATE FUNCTION coordination_only_drafts_are_stated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM coordination_wording w JOIN coordination_commitment c ON c.id = w.commitment_id
                   WHERE w.id = NEW.wording_id AND c.state = 'draf') THEN
        RAISE EXCEPTION 'an approved wording is never changed' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER coordination_commitmentstatement_of_draft BEFORE INSERT ON coordination_commitmentstatement
FOR EACH ROW EXECUTE FUNCTION coordination_only_drafts_are_stated();
"""
)

FORGET = """
DROP TRIGGER coordination_commitmentstatement_of_draft ON coordination_commitmentstatement;
DROP FUNCTION coordination_only_drafts_are_stated;
DROP TRIGGER coordination_wording_of_draft ON coordination_wording;
DROP FUNCTION coordination_only_drafts_are_written;
DROP TRIGGER coordination_commitment_not_emptied ON coordination_commitment;
DROP TRIGGER coordination_commitment_not_removed ON coordination_commitment;
DROP TRIGGER coordination_commitment_kept ON coordination_commitment;
DROP FUNCTION coordination_only_goes_on;
""" + "".join(
    f"DROP TRIGGER {table}_not_emptied ON {table};\nDROP TRIGGER {table}_kept ON {table};\n" for table in TABLES
)


class Migration(migrations.Migration):
    """Triggers of the commitments."""

    dependencies: ClassVar = [("coordination", "0003_commitments"), ("audit", "0002_append_only")]
    operations: ClassVar = [migrations.RunSQL(KEEP, FORGET)]
