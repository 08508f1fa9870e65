"""The narrow doors in row-level security: functions that run as the owner and answer one question each.

Who is still nobody is let in by them: an account is found by what somebody types in, a key, a link or a document by the
hash of what somebody shows. Each takes exact keys and no patterns, gives at most one row for a key (but for the list of
void certificates, which is public) and only what its use needs. They are the app's alone, and their `search_path` is
fixed. See docs/row-security.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from psycopg import sql

from dekon.org.choices import Action
from dekon.org.matrix import matrix

PINNED = "LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, {schema}, pg_temp"

ACCOUNT = (
    "id bigint, username text, display_name text, password text, language text, is_active boolean, is_demo boolean"
)
COLUMNS = "u.id, u.username::text, u.display_name::text, u.password::text, u.language::text, u.is_active, u.is_demo"
"""What signing in needs of an account. Mail address, NIK and the rest are read as the person's own, after it."""

OFFERED = (
    "link bigint, person bigint, offer bigint, display_name text, email text, role text, language text,"
    " province bigint, unit bigint"
)
PUBLIC = (
    "number text, kind text, title text, code text, openness text, satker text, issued_at timestamptz,"
    " revoked_at timestamptz, revoked_reason text, superseded_by text, seq integer, newest_sha256 text,"
    " placed jsonb, papers jsonb, waiting bigint"
)
PAPER = """
        SELECT d.number::text, d.kind::text, TITLE, d.code::text, d.openness::text, coalesce(o.code, '')::text,
               d.issued_at, d.revoked_at, d.revoked_reason, coalesce(newer.number, '')::text, found.seq::integer,
               coalesce((SELECT r.sha256 FROM documents_revision r WHERE r.document_id = d.id
                         ORDER BY r.seq DESC LIMIT 1), d.sha256)::text,
               coalesce((SELECT jsonb_agg(jsonb_build_object('field', s.field, 'name', s.name, 'standing', s.standing,
                                                             'office', p.office, 'method', s.method, 'seq', r.seq)
                                          ORDER BY r.seq)
                         FROM documents_placedsignature s JOIN documents_signatureplace p ON p.id = s.place_id
                         JOIN documents_revision r ON r.id = s.revision_id WHERE s.document_id = d.id), '[]'),
               coalesce((SELECT jsonb_agg(jsonb_build_object('name', w.name, 'standing', w.standing,
                                                             'office', p.office, 'signed_on', w.signed_on)
                                          ORDER BY p.seq)
                         FROM documents_papersignature w JOIN documents_signatureplace p ON p.id = w.place_id
                         WHERE w.document_id = d.id AND w.withdrawn_at IS NULL), '[]'),
               (SELECT count(*) FROM documents_signatureplace p WHERE p.document_id = d.id
                    AND NOT EXISTS (SELECT 1 FROM documents_placedsignature s WHERE s.place_id = p.id)
                    AND NOT EXISTS (SELECT 1 FROM documents_papersignature w
                                    WHERE w.place_id = p.id AND w.withdrawn_at IS NULL))
        FROM found JOIN documents_document d ON d.id = found.id LEFT JOIN org_satker o ON o.id = d.satker_id
        LEFT JOIN documents_document newer ON newer.supersedes_id = d.id LIMIT 1"""
"""What everybody may learn of a document that was found: its entry, who signed in which office, how many wait."""

DOORS: Mapping[str, tuple[str, str, str]] = {
    # the account whose user name or mail address somebody types in, whatever its capitals
    "dekon_account_by_login": ("said text", f"TABLE ({ACCOUNT})", f"""
        (SELECT {COLUMNS} FROM org_user u
         WHERE position('@' IN said) > 0 AND u.email <> '' AND lower(u.email) = lower(said))
        UNION ALL
        (SELECT {COLUMNS} FROM org_user u WHERE position('@' IN said) = 0 AND lower(u.username) = lower(said)
         ORDER BY u.id LIMIT 1)
        LIMIT 1"""),
    # whom the ministry's sign-in vouches for, by the name that it gave before
    "dekon_account_by_sso": ("said_provider text, said_uid text", f"TABLE ({ACCOUNT})", f"""
        SELECT {COLUMNS} FROM socialaccount_socialaccount s JOIN org_user u ON u.id = s.user_id
        WHERE s.provider = said_provider AND s.uid = said_uid LIMIT 1"""),
    # whose key of the API this is, where it is good at that moment
    "dekon_account_by_token": (
        "shown text, moment timestamptz", f"TABLE (token bigint, token_scope text, {ACCOUNT})", f"""
        SELECT t.id, t.scope::text, {COLUMNS} FROM org_apitoken t JOIN org_user u ON u.id = t.user_id
        WHERE t.digest = shown AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > moment)
          AND u.is_active LIMIT 1"""
    ),
    # what a mailed link opens, where it is good at that moment
    "dekon_link_by_digest": (
        "shown text, said_kind text, moment timestamptz",
        f"TABLE ({OFFERED})",
        """
        SELECT l.id, l.user_id, i.id, i.display_name::text, i.email::text, i.role::text, i.language::text,
               i.province_id, i.unit_id
        FROM org_mailedlink l LEFT JOIN org_user u ON u.id = l.user_id LEFT JOIN org_invitation i ON i.link_id = l.id
        WHERE l.digest = shown AND l.kind = said_kind AND l.used_at IS NULL AND l.revoked_at IS NULL
          AND l.expires_at > moment AND (l.user_id IS NULL OR u.is_active) LIMIT 1""",
    ),
    # whether a person has signed in on this browser before
    "dekon_knows_device": ("person bigint, shown text", "boolean", """
        SELECT EXISTS (SELECT 1 FROM org_knowndevice d WHERE d.user_id = person AND d.digest = shown)"""),
    # what everybody may learn about the document whose bytes, of whichever of its revisions, somebody holds
    "dekon_document_by_hash": ("shown text", f"TABLE ({PUBLIC})", f"""
        WITH found AS (
            (SELECT document_id AS id, seq FROM documents_revision WHERE sha256 = shown LIMIT 1)
            UNION ALL (SELECT id, 0 FROM documents_document WHERE sha256 = shown ORDER BY id LIMIT 1)
            LIMIT 1){PAPER.replace("TITLE", "d.title::text")}"""),
    # the same for the code that stands under its QR code; what is secret keeps its title
    "dekon_document_by_code": ("shown text", f"TABLE ({PUBLIC})", f"""
        WITH found AS (
            SELECT id, coalesce((SELECT max(seq) FROM documents_revision r WHERE r.document_id = d.id), 0) AS seq
            FROM documents_document d WHERE code = shown AND code <> ''
        ){PAPER.replace("TITLE", "CASE d.openness WHEN 'rahasia' THEN '' ELSE d.title::text END")}"""),
    # what a look at a file said that somebody holds, while the same authorities are trusted
    "dekon_checked_file": ("shown text, said_trust text", "TABLE (report jsonb)", """
        SELECT c.report FROM documents_checkedfile c WHERE c.sha256 = shown AND c.trust = said_trust"""),
    # certificates of this installation that are void, as every list of revoked certificates says in public
    "dekon_revoked_certificates": ("said_method text", "TABLE (serial text, revoked_at timestamptz)", """
        SELECT k.serial::text, k.revoked_at FROM documents_signingkey k
        WHERE k.method = said_method AND k.revoked_at IS NOT NULL"""),
    # names beside what people did, for whoever is somebody, of people that a row which can be seen has named
    "dekon_names": ("numbers bigint[]", "TABLE (id bigint, username text, display_name text)", """
        SELECT u.id, u.username::text, u.display_name::text FROM org_user u
        WHERE u.id = ANY (numbers) AND (nullif(current_setting('dekon.user', true), '') IS NOT NULL
            OR current_setting('dekon.scope', true) = '*'
            OR coalesce(nullif(current_setting('role', true), 'none'), session_user) <> {role_word})"""),
}  # fmt: skip
"""Name → what it takes, what it gives, and its query."""

CARE = """
CREATE OR REPLACE FUNCTION dekon_people_in_care() RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, {schema}, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT a.user_id), '{{}}')
    FROM org_roleassignment a LEFT JOIN org_satker s ON s.id = a.satker_id
    WHERE a.voided_at IS NULL AND coalesce(a.province_id, s.province_id) IN (
        SELECT h.province_id FROM org_roleassignment h
        WHERE h.user_id = nullif(current_setting('dekon.user', true), '')::bigint AND h.role = ANY ({managers})
          AND h.voided_at IS NULL
          AND h.province_id = ANY (dekon_provinces_in_scope())
          AND h.valid_from <= (now() AT TIME ZONE 'Asia/Jakarta')::date
          AND (h.valid_to IS NULL OR h.valid_to >= (now() AT TIME ZONE 'Asia/Jakarta')::date))
$$
"""
"""Numbers of the people who hold or held something in a province whose staff the person lets in."""


def make_doors(cursor: Any, role: str, schema: sql.Identifier) -> None:  # noqa: ANN401  Django's cursor has no public type
    """Make the functions anew, for the app's role alone. To be called as owner, once the policies are lifted."""
    raw = cursor.connection
    managers = [str(one.value) for one in matrix().holders(Action.MANAGE_OFFICE_USERS)]
    cursor.execute(sql.SQL(CARE).format(schema=schema, managers=sql.Literal(managers)).as_string(raw))
    _only_for(cursor, "dekon_people_in_care()", role)
    for name, (takes, gives, query) in DOORS.items():
        kinds = ", ".join(one.split()[-1] for one in takes.split(", "))
        cursor.execute(f"DROP FUNCTION IF EXISTS {name}({kinds})")
        text = f"CREATE FUNCTION {name}({takes}) RETURNS {gives} {PINNED} AS $body${query}$body$"
        cursor.execute(sql.SQL(text).format(schema=schema, role_word=sql.Literal(role)).as_string(raw))
        _only_for(cursor, f"{name}({kinds})", role)


def _only_for(cursor: Any, function: str, role: str) -> None:  # noqa: ANN401  as above
    name = sql.Identifier(role).as_string(cursor.connection)
    cursor.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
    cursor.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {name}")
