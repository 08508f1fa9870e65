"""Sealing and linking at less cost: texts put together in one go, one row linked directly, many as a set.

The bytes that are hashed stay the same.
"""

from importlib import import_module
from typing import ClassVar

from django.db import migrations

former = import_module("dekon.audit.migrations.0003_chain")

SEAL = """
CREATE OR REPLACE FUNCTION audit_seal_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    facts_before text := NEW.before::text;
    facts_after text := NEW.after::text;
BEGIN
    NEW.recorded_at := clock_timestamp();
    NEW.salt := replace(gen_random_uuid()::text, '-', '');
    NEW.minimised_at := NULL;
    NEW.body := concat_ws(chr(9),
        NEW.id, to_char(NEW.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        coalesce(NEW.actor_id::text, ''), NEW.action, NEW.subject_type, NEW.subject_id, NEW.satker_code, NEW.origin,
        NEW.request_id, nullif(NEW.place, ''),
        encode(sha256(convert_to(concat(
            NEW.salt, octet_length(NEW.actor_name), ':', NEW.actor_name, ',',
            octet_length(NEW.on_behalf_of), ':', NEW.on_behalf_of, ',',
            octet_length(NEW.subject_name), ':', NEW.subject_name, ',',
            octet_length(NEW.reason), ':', NEW.reason, ',',
            octet_length(facts_before), ':', facts_before, ',',
            octet_length(facts_after), ':', facts_after, ',',
            CASE WHEN NEW.address <> '' THEN concat(octet_length(NEW.address), ':', NEW.address, ',') END
        ), 'UTF8')), 'hex'));
    RETURN NEW;
END $$;
"""

SEAL_AS_BEFORE = """
CREATE OR REPLACE FUNCTION audit_seal_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.recorded_at := clock_timestamp();
    NEW.salt := replace(gen_random_uuid()::text, '-', '');
    NEW.minimised_at := NULL;
    NEW.body := audit_plain_body(NEW) || chr(9) || audit_details_hash(NEW);
    RETURN NEW;
END $$;
"""

LINK = """
CREATE FUNCTION audit_next_hash(so_far bytea, first_hash bytea, body text) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT sha256(coalesce(so_far, first_hash) || convert_to(body, 'UTF8'))
$$;
CREATE AGGREGATE audit_hash_chain (bytea, text) (SFUNC = audit_next_hash, STYPE = bytea);

CREATE OR REPLACE FUNCTION audit_link_from(first_id bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    open_chains text[];
BEGIN
    SELECT array_agg(DISTINCT e.satker_code) INTO open_chains FROM audit_event e
    WHERE e.id >= first_id AND NOT EXISTS (SELECT 1 FROM audit_link l WHERE l.event_id = e.id);
    IF open_chains IS NULL THEN
        RETURN;
    END IF;
    INSERT INTO audit_head (chain, seq, hash)
    SELECT opened.chain, 0, audit_genesis(opened.chain) FROM unnest(open_chains) AS opened (chain)
    WHERE NOT EXISTS (SELECT 1 FROM audit_head h WHERE h.chain = opened.chain) ORDER BY opened.chain
    ON CONFLICT (chain) DO NOTHING;
    PERFORM 1 FROM audit_head h WHERE h.chain = ANY (open_chains) ORDER BY h.chain FOR UPDATE;
    WITH linked AS (
        INSERT INTO audit_link (event_id, chain, seq, hash)
        SELECT e.id, h.chain, h.seq + row_number() OVER in_order, audit_hash_chain(h.hash, e.body) OVER in_order
        FROM audit_event e JOIN audit_head h ON h.chain = e.satker_code
        WHERE e.id >= first_id AND NOT EXISTS (SELECT 1 FROM audit_link l WHERE l.event_id = e.id)
        WINDOW in_order AS (PARTITION BY h.chain ORDER BY e.id ROWS UNBOUNDED PRECEDING)
        RETURNING chain, seq, hash
    )
    UPDATE audit_head h SET seq = last.seq, hash = last.hash
    FROM (SELECT DISTINCT ON (chain) chain, seq, hash FROM linked ORDER BY chain, seq DESC) last
    WHERE h.chain = last.chain;
END $$;

CREATE OR REPLACE FUNCTION audit_link_event() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    new_seq bigint;
    new_hash bytea;
BEGIN
    IF EXISTS (SELECT 1 FROM audit_link WHERE event_id = NEW.id) THEN
        RETURN NULL;
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM audit_event e
        WHERE e.id > NEW.id AND NOT EXISTS (SELECT 1 FROM audit_link l WHERE l.event_id = e.id)
    ) THEN
        UPDATE audit_head SET seq = seq + 1, hash = sha256(hash || convert_to(NEW.body, 'UTF8'))
        WHERE chain = NEW.satker_code RETURNING seq, hash INTO new_seq, new_hash;
        IF FOUND THEN
            INSERT INTO audit_link (event_id, chain, seq, hash) VALUES (NEW.id, NEW.satker_code, new_seq, new_hash);
            RETURN NULL;
        END IF;
    END IF;
    PERFORM audit_link_from(NEW.id);
    RETURN NULL;
END $$;
"""

LINK_AS_BEFORE = (
    former.LINK.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
    + """
DROP AGGREGATE audit_hash_chain (bytea, text);
DROP FUNCTION audit_next_hash;
"""
)


class Migration(migrations.Migration):
    """Functions, and room beside each head."""

    dependencies: ClassVar = [("audit", "0004_place_and_address")]
    operations: ClassVar = [
        migrations.RunSQL(SEAL, SEAL_AS_BEFORE),
        migrations.RunSQL(LINK, LINK_AS_BEFORE),
        # a head changes with every commit: room on its page keeps the change off the index
        migrations.RunSQL("ALTER TABLE audit_head SET (fillfactor = 40)", "ALTER TABLE audit_head RESET (fillfactor)"),
    ]
