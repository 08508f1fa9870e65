"""The guard of offices lets what was declared void count no more; what is void stays as it is."""

from typing import ClassVar

from django.db import migrations

GUARD = """
CREATE OR REPLACE FUNCTION org_guard_office() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    other record;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'an assignment stays on record: end it' USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND (OLD.user_id, OLD.role, OLD.province_id, OLD.unit_id, OLD.satker_id, OLD.standing,
                             OLD.for_user_id, OLD.valid_from, OLD.decree_no, OLD.decree_on, OLD.signs_kpa)
       IS DISTINCT FROM (NEW.user_id, NEW.role, NEW.province_id, NEW.unit_id, NEW.satker_id, NEW.standing,
                         NEW.for_user_id, NEW.valid_from, NEW.decree_no, NEW.decree_on, NEW.signs_kpa) THEN
        RAISE EXCEPTION 'what was recorded of an assignment stays: end it and make a new one'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.voided_at IS NOT NULL THEN
        RAISE EXCEPTION 'a void assignment is not changed any more' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.voided_at IS NOT NULL THEN
        RETURN NEW;
    END IF;
    IF NEW.role NOT IN ('kpa', 'ppk', 'ppspm', 'bendahara') THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'INSERT' AND (NEW.satker_id IS NULL OR NEW.decree_no = '' OR NEW.decree_on IS NULL) THEN
        RAISE EXCEPTION 'an office is of a satker and rests on a decree' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'org_office_by_decree';
    END IF;
    IF NEW.satker_id IS NULL THEN
        RETURN NEW;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('org office'), NEW.satker_id::int);
    SELECT a.id INTO other FROM org_roleassignment a
    WHERE a.voided_at IS NULL
      AND a.satker_id = NEW.satker_id AND a.id IS DISTINCT FROM NEW.id AND a.user_id = NEW.user_id
      AND a.role IN ('ppk', 'ppspm', 'bendahara', 'kpa')
      AND (a.role = NEW.role OR (NEW.role = 'bendahara') OR (a.role = 'bendahara')
           OR (a.role, NEW.role) IN (('ppk', 'ppspm'), ('ppspm', 'ppk')))
      AND daterange(a.valid_from, a.valid_to, '[]') && daterange(NEW.valid_from, NEW.valid_to, '[]') LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'two offices of one satker that do not go together in one hand'
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'org_offices_apart';
    END IF;
    SELECT a.id INTO other FROM org_roleassignment a
    WHERE a.voided_at IS NULL
      AND a.satker_id = NEW.satker_id AND a.id IS DISTINCT FROM NEW.id AND a.role = NEW.role AND a.role <> 'ppk'
      AND (a.standing = 'definitif') = (NEW.standing = 'definitif')
      AND daterange(a.valid_from, a.valid_to, '[]') && daterange(NEW.valid_from, NEW.valid_to, '[]') LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'the office is held by another that day'
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'org_office_of_one';
    END IF;
    RETURN NEW;
END $$;
"""

BEFORE = """
CREATE OR REPLACE FUNCTION org_guard_office() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    other record;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'an assignment stays on record: end it' USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND (OLD.user_id, OLD.role, OLD.province_id, OLD.unit_id, OLD.satker_id, OLD.standing,
                             OLD.for_user_id, OLD.valid_from, OLD.decree_no, OLD.decree_on, OLD.signs_kpa)
       IS DISTINCT FROM (NEW.user_id, NEW.role, NEW.province_id, NEW.unit_id, NEW.satker_id, NEW.standing,
                         NEW.for_user_id, NEW.valid_from, NEW.decree_no, NEW.decree_on, NEW.signs_kpa) THEN
        RAISE EXCEPTION 'what was recorded of an assignment stays: end it and make a new one'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.role NOT IN ('kpa', 'ppk', 'ppspm', 'bendahara') THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'INSERT' AND (NEW.satker_id IS NULL OR NEW.decree_no = '' OR NEW.decree_on IS NULL) THEN
        RAISE EXCEPTION 'an office is of a satker and rests on a decree' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'org_office_by_decree';
    END IF;
    IF NEW.satker_id IS NULL THEN
        RETURN NEW;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('org office'), NEW.satker_id::int);
    SELECT a.id INTO other FROM org_roleassignment a
    WHERE a.satker_id = NEW.satker_id AND a.id IS DISTINCT FROM NEW.id AND a.user_id = NEW.user_id
      AND a.role IN ('ppk', 'ppspm', 'bendahara', 'kpa')
      AND (a.role = NEW.role OR (NEW.role = 'bendahara') OR (a.role = 'bendahara')
           OR (a.role, NEW.role) IN (('ppk', 'ppspm'), ('ppspm', 'ppk')))
      AND daterange(a.valid_from, a.valid_to, '[]') && daterange(NEW.valid_from, NEW.valid_to, '[]') LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'two offices of one satker that do not go together in one hand'
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'org_offices_apart';
    END IF;
    SELECT a.id INTO other FROM org_roleassignment a
    WHERE a.satker_id = NEW.satker_id AND a.id IS DISTINCT FROM NEW.id AND a.role = NEW.role AND a.role <> 'ppk'
      AND (a.standing = 'definitif') = (NEW.standing = 'definitif')
      AND daterange(a.valid_from, a.valid_to, '[]') && daterange(NEW.valid_from, NEW.valid_to, '[]') LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'the office is held by another that day'
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'org_office_of_one';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    """The guard of offices, anew."""

    dependencies: ClassVar = [("org", "0008_void")]
    operations: ClassVar = [migrations.RunSQL(GUARD, BEFORE)]
