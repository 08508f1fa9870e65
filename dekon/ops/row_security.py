"""Which rows the app's role may see and write: the place rule, repeated by the database. See docs/row-security.md.

`RULES` says of every table with a place by what its rows are placed. From it the owner makes the policies, each time
that a database is made ready. Row-level security is enabled and not forced: the owner, who migrates, verifies and
backs up, sees everything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connections, transaction
from psycopg import sql

from dekon.ops.doors import make_doors

EVERYWHERE = "(SELECT current_setting('dekon.scope', true) = '*')"
PUBLISHED = "(SELECT current_setting('dekon.scope', true) IN ('*', 'published'))"
PUBLISHED_BACK = (
    "((SELECT current_setting('dekon.scope', true) = '*')"
    " OR (SELECT current_setting('dekon.scope', true) = 'published')"
    " AND (SELECT current_setting('dekon.moment', true) <> ''))"
)
"""Amounts from which the published sums of a past moment are worked out: only while somebody looks back."""
PERSON = "(SELECT nullif(current_setting('dekon.user', true), '')::bigint)"
SESSION = "(SELECT nullif(current_setting('dekon.session', true), ''))"
REQUEST = "(SELECT nullif(current_setting('dekon.request', true), ''))"
IN_CARE = "ANY ((SELECT dekon_people_in_care())::bigint[])"
"""Numbers of the people whom the person lets in and manages."""
OF_SATKER = "satker_id = ANY ((SELECT dekon_satker_in_scope())::bigint[])"
OF_PROVINCE = "province_id = ANY ((SELECT dekon_provinces_in_scope())::bigint[])"
OF_UNIT = "unit_id = ANY ((SELECT dekon_units_in_scope())::bigint[])"
OF_MEETING = f"meeting_id IN (SELECT id FROM coordination_meeting WHERE {OF_UNIT})"
"""Of a meeting that a unit in the scope holds."""
OF_RESULT = f"{OF_PROVINCE} OR {OF_UNIT}"
REACHED = "ANY ((SELECT dekon_documents_in_reach())::bigint[])"
"""Sub-selects: PostgreSQL works them out once for a statement, not once for a row."""

FUNCTIONS = """
CREATE OR REPLACE FUNCTION dekon_satker_in_scope() RETURNS bigint[]
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, {schema}, pg_temp AS $$
    SELECT coalesce(array_agg(s.id), '{{}}')
    FROM string_to_array(nullif(current_setting('dekon.scope', true), ''), ',') AS said(words)
    CROSS JOIN org_satker s JOIN org_unit u ON u.id = s.unit_id LEFT JOIN org_province v ON v.id = s.province_id
    WHERE v.code = ANY (said.words) OR 'satker:' || s.code = ANY (said.words)
       OR (u.ba_code = '026' AND 'unit:' || u.code = ANY (said.words))
$$;
CREATE OR REPLACE FUNCTION dekon_satker_codes_in_scope() RETURNS text[]
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, {schema}, pg_temp AS $$
    SELECT coalesce(array_agg(s.code::text), '{{}}') FROM org_satker s WHERE s.id = ANY (dekon_satker_in_scope())
$$;
CREATE OR REPLACE FUNCTION dekon_provinces_in_scope() RETURNS bigint[]
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, {schema}, pg_temp AS $$
    SELECT coalesce(array_agg(v.id), '{{}}') FROM org_province v
    WHERE v.code = ANY (string_to_array(nullif(current_setting('dekon.scope', true), ''), ','))
$$;
CREATE OR REPLACE FUNCTION dekon_places_in_scope() RETURNS text[]
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, {schema}, pg_temp AS $$
    SELECT coalesce(array_agg(place), '{{}}') FROM (
        SELECT '*' WHERE cardinality(dekon_satker_in_scope()) > 0
        UNION SELECT code FROM org_province WHERE id = ANY (dekon_provinces_in_scope())
        UNION SELECT v.code FROM org_satker s JOIN org_province v ON v.id = s.province_id
              WHERE s.id = ANY (dekon_satker_in_scope())
        UNION SELECT 'unit:' || u.code FROM org_satker s JOIN org_unit u ON u.id = s.unit_id
              WHERE s.id = ANY (dekon_satker_in_scope())
    ) AS lie_in(place)
$$;
CREATE OR REPLACE FUNCTION dekon_units_in_scope() RETURNS bigint[]
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, {schema}, pg_temp AS $$
    SELECT coalesce(array_agg(u.id), '{{}}') FROM org_unit u
    WHERE u.ba_code = '026'
      AND 'unit:' || u.code = ANY (string_to_array(nullif(current_setting('dekon.scope', true), ''), ','))
$$;
CREATE OR REPLACE FUNCTION dekon_documents_in_reach() RETURNS bigint[]
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, {schema}, pg_temp AS $$
    SELECT coalesce(array_agg(id), '{{}}') FROM (
        SELECT d.id FROM documents_document d
        WHERE d.satker_id = ANY (dekon_satker_in_scope())
           OR d.issued_by_id = nullif(current_setting('dekon.user', true), '')::bigint
        UNION SELECT p.document_id FROM documents_signatureplace p
              WHERE p.province_id = ANY (dekon_provinces_in_scope()) OR p.satker_id = ANY (dekon_satker_in_scope())
    ) AS reached
$$;
"""
FUNCTION_NAMES = (
    "dekon_satker_in_scope", "dekon_satker_codes_in_scope", "dekon_provinces_in_scope", "dekon_places_in_scope",
    "dekon_units_in_scope", "dekon_documents_in_reach",
)  # fmt: skip
SEEING_ALL = ("dekon_require_parents", "ledger_keep_satker")
"""Functions of triggers that must see rows which the writer may not see: they run as their owner."""


@dataclass(frozen=True, slots=True)
class Rule:
    """When a row may be seen and written, as conditions on its columns; whoever reaches everywhere is let through.

    `written` is given where less than what is seen may be written, `added` where a new row may be written that is not
    seen. `published` rows go into the published recap: the condition that lets it see them.
    """

    seen: str
    written: str = ""
    added: str = ""
    published: str = ""


def of_satker(column: str = "satker_id", *, published: str = "") -> Rule:
    """Placed by the number of a satker."""
    return Rule(OF_SATKER.replace("satker_id", column), published=published)


def of_parent(column: str, parent: str) -> Rule:
    """Placed where the row is that a column names: seen by whoever sees that one.

    PostgreSQL makes one hash table of the rows that are seen, and takes its price for what it is.
    """
    return Rule(f"{column} IN (SELECT id FROM {parent})")


def of_pos(*, published: str = "") -> Rule:
    """Placed by a position. The satker is asked for here too: whoever may sum positions up sees nothing below them."""
    return Rule(f"pos_id IN (SELECT id FROM ledger_pos WHERE {OF_SATKER})", published=published)


def of_person(column: str, *, in_care: bool = False) -> Rule:
    """Of one person, wherever that is; `in_care`: seen too by whoever manages the accounts of the person's office."""
    own = f"{column} = {PERSON}"
    return Rule(f"{own} OR {column} = {IN_CARE}", written=own) if in_care else Rule(own)


IN_PLACE = f"{OF_SATKER} OR (satker_id IS NULL AND {OF_PROVINCE})"
BROUGHT_HERE = (
    "EXISTS (SELECT 1 FROM org_roleassignment held WHERE held.user_id = created_by_id AND held.voided_at IS NULL"
    " AND held.province_id = ANY ((SELECT dekon_provinces_in_scope())::bigint[]))"
)
SOMEBODY = f"{PERSON} IS NOT NULL"
HOLDING = "EXISTS (SELECT 1 FROM unnest((SELECT dekon_units_in_scope())::bigint[]))"
"""Whoever acts for a unit."""
TO_MEETING = f"participant_id IN (SELECT id FROM coordination_participant WHERE {OF_MEETING})"
CONCERNS_PLACE = (
    "satker_code = ANY ((SELECT dekon_satker_codes_in_scope())::text[])"
    " OR place = ANY ((SELECT dekon_places_in_scope())::text[])"
)

RULES: Mapping[str, Rule] = {
    "ledger.Pos": of_satker(published=PUBLISHED),
    "ledger.Entry": of_pos(published=PUBLISHED_BACK),
    "ledger.DailySum": of_pos(published=PUBLISHED),
    "ledger.Parked": of_pos(published=PUBLISHED),
    "budget.PathName": of_satker(),
    "budget.Dipa": of_satker(),
    "budget.DipaRevision": of_parent("dipa_id", "budget_dipa"),
    "budget.BudgetItem": of_pos(),
    "budget.RpdVersion": of_parent("dipa_id", "budget_dipa"),
    "budget.RpdMonth": of_pos(published=PUBLISHED_BACK),
    "budget.PlannedMonth": of_pos(published=PUBLISHED),
    "budget.PlannedTotal": of_satker(published=PUBLISHED),
    "budget.Block": of_pos(),
    "budget.BlockRelease": of_parent("block_id", "budget_block"),
    "budget.Reservation": of_pos(),
    "budget.ReservationRelease": of_parent("reservation_id", "budget_reservation"),
    "budget.Ro": of_satker(),
    "budget.RoProgress": of_parent("ro_id", "budget_ro"),
    "budget.ExecutionRecord": of_satker(),
    "budget.PaymentLine": of_satker(),
    "budget.Sp2dHeader": of_satker(),
    "budget.Statement": of_satker(),
    "budget.StatementFigure": of_pos(),
    "budget.StatementPosting": of_pos(),
    "budget.ReconciliationCase": of_satker(),
    "budget.CaseNote": of_parent("case_id", "budget_reconciliationcase"),
    # a file may speak of the whole nation: its record is for who brought it and for the ministry
    # and for whoever it was handed over to, by whoever manages the office
    "budget.ImportRun": Rule(f"created_by_id = {PERSON} OR keeper_id = {PERSON} OR {BROUGHT_HERE}"),
    "budget.ImportDependency": Rule(
        "import_run_id IN (SELECT id FROM budget_importrun) OR depends_on_id IN (SELECT id FROM budget_importrun)",
        written="import_run_id IN (SELECT id FROM budget_importrun)",
    ),
    # statistics that are published: whoever signs in may compare, nobody writes those of another place
    "budget.Outcome": Rule(f"{PERSON} IS NOT NULL", written=OF_PROVINCE),
    "performance.Alert": of_satker(),
    "performance.AlertEvent": of_parent("alert_id", "performance_alert"),
    "org.RoleAssignment": Rule(f"user_id = {PERSON} OR for_user_id = {PERSON} OR {IN_PLACE}", written=IN_PLACE),
    "org.User": of_person("id", in_care=True),
    "org.User_groups": of_person("user_id"),
    "org.User_user_permissions": of_person("user_id"),
    "org.ApiToken": of_person("user_id"),
    "org.Submission": of_person("user_id"),
    "org.SignedIn": of_person("user_id"),
    "org.KnownDevice": of_person("user_id"),
    # who brings its key, and its person, who may end it
    "sessions.Session": Rule(f"session_key = {SESSION} OR session_key IN (SELECT session_key FROM org_signedin)"),
    # whoever is nobody yet may ask for an account, and reads nothing
    "org.Registration": Rule(OF_PROVINCE, added="state = 'waiting' AND decided_by_id IS NULL"),
    "org.Invitation": Rule(OF_PROVINCE),
    "org.MailedLink": Rule(
        f"user_id = {PERSON} OR made_by_id = {PERSON} OR id IN (SELECT link_id FROM org_invitation)"
    ),
    # whoever may ask for a mail; the worker alone reads what it says and to whom it goes
    "org.MailOrder": Rule("false", added="true"),
    "mfa.Authenticator": of_person("user_id", in_care=True),
    "account.EmailAddress": of_person("user_id"),
    "account.EmailConfirmation": of_parent("email_address_id", "account_emailaddress"),
    "socialaccount.SocialAccount": of_person("user_id"),
    "socialaccount.SocialToken": of_parent("account_id", "socialaccount_socialaccount"),
    # whoever acts may have it recorded and read back what the very request recorded
    "audit.Event": Rule(f"actor_id = {PERSON} OR {CONCERNS_PLACE} OR request_id = {REQUEST}", written="true"),
    # asked row by row, since nobody reads many of very many
    "audit.Link": Rule("EXISTS (SELECT 1 FROM audit_event event WHERE event.id = audit_link.event_id)"),
    "audit.Head": Rule("chain = ANY ((SELECT dekon_satker_codes_in_scope())::text[])"),
    # that there is a meeting, its agenda and its materials: for whoever signs in; whoever holds it prepares it
    "coordination.MeetingSeries": Rule(SOMEBODY, written=HOLDING),
    "coordination.Meeting": Rule(SOMEBODY, written=OF_UNIT),
    "coordination.MeetingSession": Rule(SOMEBODY, written=OF_MEETING),
    "coordination.Material": Rule(SOMEBODY, written=OF_MEETING),
    # a province sees its own people, a unit its own and those of its meetings
    "coordination.Participant": Rule(f"{OF_PROVINCE} OR {OF_UNIT} OR {OF_MEETING}", written=OF_MEETING),
    "coordination.Attendance": Rule(
        "participant_id IN (SELECT id FROM coordination_participant)", written=TO_MEETING
    ),
    "coordination.InvitationMail": Rule(
        "participant_id IN (SELECT id FROM coordination_participant)", written=TO_MEETING
    ),
    # a province sees what is addressed to it and what it raised, a unit its own and that of its meetings
    "coordination.Decision": Rule(f"{OF_RESULT} OR owner_id = {PERSON} OR {OF_MEETING}", added=OF_MEETING),
    "coordination.DecisionEvent": of_parent("decision_id", "coordination_decision"),
    "coordination.RaisedIssue": Rule(f"{OF_RESULT} OR {OF_MEETING}", added=f"{OF_PROVINCE} OR {OF_MEETING}"),
    "coordination.IssueEvent": of_parent("issue_id", "coordination_raisedissue"),
    # minutes are the writers' until they are approved, then everybody's who signs in
    "coordination.MinutesBlock": Rule(
        f"{OF_MEETING} OR {SOMEBODY} AND meeting_id IN (SELECT meeting_id FROM coordination_minutesclosing)",
        written=OF_MEETING,
    ),
    "coordination.MinutesText": Rule(
        "block_id IN (SELECT id FROM coordination_minutesblock)",
        written=f"block_id IN (SELECT id FROM coordination_minutesblock WHERE {OF_MEETING})",
    ),
    "coordination.MinutesClosing": Rule(SOMEBODY, written=OF_MEETING),
    "coordination.MeetingReport": Rule(SOMEBODY, written=OF_MEETING),
    "documents.Attachment": of_satker(),
    # who signs in one of its places sees the whole document, and what the others did
    # the report of a meeting is for whoever signs in
    "documents.Document": Rule(
        f"{OF_SATKER} OR issued_by_id = {PERSON} OR id = {REACHED}"
        f" OR {SOMEBODY} AND id IN (SELECT document_id FROM coordination_meetingreport)",
        written=f"{OF_SATKER} OR issued_by_id = {PERSON} OR id = {REACHED}",
    ),
    "documents.Revision": Rule(f"document_id = {REACHED}"),
    "documents.SignaturePlace": Rule(f"document_id = {REACHED}"),
    "documents.PlacedSignature": Rule(f"document_id = {REACHED}"),
    "documents.PaperSignature": Rule(f"document_id = {REACHED}"),
    "documents.RegisterEntry": of_parent("document_id", "documents_document"),
    "documents.Lease": Rule(f"document_id = {REACHED}"),
    "documents.SigningKey": of_person("user_id"),
    "documents.PassphraseCount": of_person("user_id"),
    # read by whoever holds the file, through a narrow door; whoever asks may have it looked at
    "documents.CheckedFile": Rule("false", added="true"),
}  # fmt: skip
"""Model → by what its rows are placed."""

UNPLACED: Mapping[str, str] = {
    "org.Satker": "a list of codes that every DIPA prints; importers must know a code that belongs to somebody else",
    "org.Province": "a list of codes",
    "org.CodeVersion": "versions of the open lists of codes; who recorded one is a name",
    "budget.Kegiatan": "a list of codes; the unit is a fact of the code, not the place of a row",
}
"""Models that lead to a place or a person and have no policy, each with the reason."""


def table_of(label: str) -> str:
    """The table of a model."""
    return str(apps.get_model(label)._meta.db_table)


def policies_of(table: str, rule: Rule) -> Iterator[str]:
    """The statements that make the policies of a table.

    What is seen and what is written are policies of their own where they differ; of those that apply, one is enough.
    """
    seen = f"({EVERYWHERE} OR {rule.seen})"
    written = f"({EVERYWHERE} OR {rule.written})" if rule.written else seen
    added = f"({EVERYWHERE} OR {rule.added})" if rule.added else written
    if not (rule.written or rule.added or rule.published):
        yield f"CREATE POLICY dekon_place ON {table} USING {seen}"
        return
    if rule.published:
        seen = seen.replace(EVERYWHERE, rule.published, 1)
    yield f"CREATE POLICY dekon_seen ON {table} FOR SELECT USING {seen}"
    yield f"CREATE POLICY dekon_added ON {table} FOR INSERT WITH CHECK {added}"
    yield f"CREATE POLICY dekon_changed ON {table} FOR UPDATE USING {written}"
    yield f"CREATE POLICY dekon_removed ON {table} FOR DELETE USING {written}"


def lift_policies(using: str) -> None:
    """Take the policies away, so that migrations may change the columns that they name.

    Row-level security stays on: until they are made again, the app's role sees nothing.
    """
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT format('DROP POLICY %I ON %I.%I', policyname, schemaname, tablename) FROM pg_policies"
            " WHERE schemaname = current_schema() AND policyname LIKE 'dekon\\_%'"
        )
        for (statement,) in cursor.fetchall():
            cursor.execute(statement)


def secure_rows(role: str, using: str) -> None:
    """Make the policies of every table with a place. Repeating it changes nothing.

    Args:
        role: the app's role, which may ask what is in its scope.
        using: alias of the connection whose role owns the tables.
    """
    lift_policies(using)
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        cursor.execute("SELECT current_schema()")
        schema = sql.Identifier(cursor.fetchone()[0])
        _make_functions(cursor, sql.Identifier(role), schema)
        make_doors(cursor, role, schema)
        for table, rule in ((table_of(label), rule) for label, rule in RULES.items()):
            if table in present:
                cursor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
                for statement in policies_of(table, rule):
                    cursor.execute(statement)


def _make_functions(cursor: Any, role: sql.Identifier, schema: sql.Identifier) -> None:  # noqa: ANN401  Django's cursor has no public type
    """The functions that policies ask, for the app's role alone; triggers that must see everything run as owner."""
    raw = cursor.connection
    cursor.execute(sql.SQL(FUNCTIONS).format(schema=schema).as_string(raw))
    for name in FUNCTION_NAMES:
        function = sql.Identifier(name)
        for text in ("REVOKE ALL ON FUNCTION {0}() FROM PUBLIC", "GRANT EXECUTE ON FUNCTION {0}() TO {1}"):
            cursor.execute(sql.SQL(text).format(function, role).as_string(raw))
    for name in SEEING_ALL:
        text = "ALTER FUNCTION {0}() SECURITY DEFINER SET search_path = pg_catalog, {1}, pg_temp"
        cursor.execute(sql.SQL(text).format(sql.Identifier(name), schema).as_string(raw))
