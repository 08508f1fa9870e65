"""The link of a single row without looking for others, and numbers that nobody chooses.

The number of a row is the newest one that its session drew, or the row is refused: what a transaction inserts has
rising numbers. So the first row whose link is due knows without a look-up whether more of its transaction follow (the
session has drawn another number since), and the first one has the lowest number. A single row, which is most
transactions, is linked by one statement. Of many rows the first one links all, heads locked in the order of their
codes, and says so to the rest of its transaction (`dekon.trail_linked`); who is told so looks first. Whoever sets that
by hand makes linking slower, nothing else: a row that is linked twice breaks the key of `audit_link`.

Many rows are linked with a plan that is made once and goes by the indexes: made anew for each commit, it cost more than
the work, and where the trail is long, tables were read whole.

The bytes that are hashed stay the same.
"""

from importlib import import_module
from typing import ClassVar

from django.db import migrations

former = import_module("dekon.audit.migrations.0005_cheaper_links")

DRAWN = """
BEGIN
    IF NEW.id <> currval('public.audit_event_id_seq') THEN
        RAISE EXCEPTION 'the number of a row of the trail is drawn, not chosen' USING ERRCODE = 'insufficient_privilege';
    END IF;
"""
SEAL = former.SEAL.replace("\nBEGIN\n", DRAWN, 1)

LINK = """
CREATE OR REPLACE FUNCTION audit_link_event() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.id = currval('audit_event_id_seq')
        AND coalesce(current_setting('dekon.trail_linked', true), '') = ''
    THEN
        WITH longer AS (
            UPDATE audit_head SET
                seq = seq + 1,
                hash = sha256(hash || convert_to(NEW.body, 'UTF8'))
            WHERE chain = NEW.satker_code RETURNING seq, hash
        )
        INSERT INTO audit_link (event_id, chain, seq, hash)
        SELECT NEW.id, NEW.satker_code, longer.seq, longer.hash FROM longer;
        IF FOUND THEN
            RETURN NULL;
        END IF;
    END IF;
    PERFORM audit_link_rest(NEW.id);
    RETURN NULL;
END $$;

CREATE FUNCTION audit_link_rest(first_id bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM audit_link WHERE event_id = first_id) THEN
        PERFORM audit_link_from(first_id);
        PERFORM set_config('dekon.trail_linked', 'yes', true);
    END IF;
END $$;
REVOKE EXECUTE ON FUNCTION audit_link_rest FROM PUBLIC;
"""

LINK_AS_BEFORE = (
    "CREATE OR REPLACE FUNCTION audit_link_event()"
    + former.LINK.split("CREATE OR REPLACE FUNCTION audit_link_event()")[1]
    + "DROP FUNCTION audit_link_rest;"
)


BY_INDEX = ("enable_hashjoin", "enable_mergejoin", "enable_seqscan", "enable_bitmapscan")
PLANNED_ONCE = "".join(f"ALTER FUNCTION audit_link_from SET {name} = off;" for name in BY_INDEX) + (
    "ALTER FUNCTION audit_link_from SET plan_cache_mode = force_generic_plan;"
)
PLANNED_ANEW = "".join(f"ALTER FUNCTION audit_link_from RESET {name};" for name in (*BY_INDEX, "plan_cache_mode"))


class Migration(migrations.Migration):
    """Functions alone; rows, links and heads stay as they are."""

    dependencies: ClassVar = [("audit", "0005_cheaper_links")]
    operations: ClassVar = [
        migrations.RunSQL(SEAL, former.SEAL),
        migrations.RunSQL(LINK, LINK_AS_BEFORE),
        migrations.RunSQL(PLANNED_ONCE, PLANNED_ANEW),
    ]
