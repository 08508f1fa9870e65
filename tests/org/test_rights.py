"""Who may do what, where: the matrix, its reasons, dates, acting officials, and how many queries it asks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.db.models import TextChoices
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from dekon.audit.services import record
from dekon.budget.choices import CaseStatus, HoldStatus, ImportStatus, RecordStatus
from dekon.coordination.choices import DecisionState, IssueState, MeetingState
from dekon.documents.choices import AttachmentState, DocumentState
from dekon.errors import Conflict, NotAllowed, message_text
from dekon.org import selectors
from dekon.org import services as org
from dekon.org.choices import (
    AccountState,
    Action,
    AssignmentState,
    Institution,
    InvitationState,
    RegistrationState,
    Role,
    Standing,
)
from dekon.org.matrix import matrix
from dekon.org.models import Province, RoleAssignment, Satker, Unit, User
from dekon.org.selectors import Matter, Place
from dekon.org.selectors.accounts import accounts_for
from dekon.performance.choices import AlertState
from tests.builders.small_year import PAPUA, WEST_JAVA, place_satker

TODAY = date(2026, 3, 2)
HERE = Place("32", "13", WEST_JAVA, "Dinas")
FOREIGN = Place("91", "13", PAPUA, "Dinas Papua")

type Hold = Callable[..., User]


@pytest.fixture
def hold(db: None) -> Hold:
    """Makes a person who holds a role somewhere."""
    place_satker()

    def person(name: str, role: str, **bounds: object) -> User:
        user, _ = User.objects.get_or_create(username=name)
        kept: dict[str, object] = {"decree_no": "SK 1", "decree_on": date(2021, 12, 20), **bounds}
        if "province" in kept:
            kept["province"] = Province.objects.get(code=kept["province"])
        if "satker" in kept:
            kept["satker"] = Satker.objects.get(code=kept["satker"])
        if "unit" in kept:
            kept["unit"] = Unit.objects.get(ba_code="026", code=kept["unit"])
        RoleAssignment.objects.create(user=user, role=role, **kept)
        return User.objects.get(pk=user.pk)

    return person


def test_every_role_and_every_action_is_in_the_matrix() -> None:
    known = matrix()
    assert set(known.roles) == set(Role)
    assert set(known.actions) == set(Action)
    assert known.right("operator", "sign-as-head") is None


def test_the_reason_names_who_could_and_what_the_person_is(hold: Hold) -> None:
    operator = hold("operator", "operator", province="32")
    verdict = org.may(operator, Action.SIGN_AS_HEAD)
    assert (verdict.allowed, verdict.code) == (False, "not-allowed-role")
    said = message_text(verdict.code, verdict.params)
    assert said.startswith("Hanya Kepala Dinas yang berhak menandatangani")
    assert "peran Anda: Operator" in said
    with override("en"):
        verdict = org.may(operator, Action.SIGN_AS_HEAD)
        english = message_text(verdict.code, verdict.params, "en")
    assert english.startswith("Only Head of the provincial office may do this (sign as head of the provincial office)")
    assert "your role: Operator" in english


def test_a_person_without_a_role_may_nothing_but_the_own_account(db: None) -> None:
    nobody = User.objects.create(username="tanpa-peran")
    assert not any(org.may(nobody, action).allowed for action in Action if action not in matrix().everyone)
    assert org.may(nobody, Action.OWN_ACCOUNT).allowed


@pytest.mark.parametrize(("days", "allowed"), [(-1, False), (0, True), (30, True), (31, False)])
def test_a_role_holds_from_its_first_to_its_last_day(hold: Hold, days: int, allowed: bool) -> None:
    operator = hold("operator", "operator", province="32", valid_from=TODAY, valid_to=TODAY + timedelta(days=30))
    held = selectors.assignments_of(operator, TODAY + timedelta(days=days))
    assert bool(held) is allowed


@pytest.mark.parametrize(
    ("moment", "allowed"),
    [
        ("2026-03-01T16:59:59+00:00", False),
        ("2026-03-01T17:00:00+00:00", True),
        ("2026-03-02T16:59:59+00:00", True),
        ("2026-03-02T17:00:00+00:00", False),
    ],
)
def test_the_day_of_a_role_begins_and_ends_at_midnight_in_jakarta(
    hold: Hold, monkeypatch: pytest.MonkeyPatch, moment: str, allowed: bool
) -> None:
    operator = hold("operator", "operator", province="32", valid_from=TODAY, valid_to=TODAY)
    admin = hold("admin", "admin", valid_from=date(2021, 1, 1))
    monkeypatch.setattr(timezone, "now", lambda: datetime.fromisoformat(moment))
    assert org.may(operator, Action.IMPORT_FILES).allowed is allowed
    assert selectors.scope_of(operator) == ("32" if allowed else "")
    (row,) = [one for one in accounts_for(admin, now=timezone.now()) if one.user == operator]
    assert bool(row.held) is allowed


def test_an_official_sees_the_own_office_and_acts_in_the_own_satker(hold: Hold) -> None:
    ppk = hold("ppk", "ppk", satker=WEST_JAVA)
    sister = Place("32", "05", "029105")
    assert org.may(ppk, Action.VIEW_PLACE, sister).allowed
    assert org.may(ppk, Action.RESERVE, HERE).allowed
    assert org.may(ppk, Action.RESERVE, sister).code == "not-allowed-place"
    assert org.may(ppk, Action.VIEW_PLACE, FOREIGN).code == "not-allowed-place"
    assert selectors.narrowed(ppk, Action.VIEW_PLACE, Place()) == Place(province="32")
    assert selectors.narrowed(ppk, Action.RESERVE, Place()).satker == WEST_JAVA


@pytest.mark.parametrize(
    "wanted", [Place(), Place("32"), Place(unit="13"), Place("32", "13"), Place("32", "13", WEST_JAVA)]
)
@pytest.mark.parametrize(("role", "action"), [("auditor", Action.VIEW_PLACE), ("ppk", Action.RESERVE)])
def test_who_is_bound_to_one_satker_gets_this_satker_of_any_place_it_lies_in(
    hold: Hold, role: str, action: Action, wanted: Place
) -> None:
    person = hold("orang", role, satker=WEST_JAVA)
    assert selectors.narrowed(person, action, wanted) == Place(wanted.province, wanted.unit, WEST_JAVA)


@pytest.mark.parametrize(
    "wanted",
    [Place("91"), Place(unit="05"), Place("32", "05"), Place("91", "13"), Place("91", satker=WEST_JAVA),
     Place(unit="05", satker=WEST_JAVA), Place(satker=PAPUA), Place("32", satker=PAPUA)],
)  # fmt: skip
@pytest.mark.parametrize(("role", "action"), [("auditor", Action.VIEW_PLACE), ("ppk", Action.RESERVE)])
def test_who_is_bound_to_one_satker_gets_nothing_of_a_place_it_does_not_lie_in(
    hold: Hold, role: str, action: Action, wanted: Place
) -> None:
    person = hold("orang", role, satker=WEST_JAVA)
    with pytest.raises(NotAllowed):
        selectors.narrowed(person, action, wanted)


def test_a_satker_whose_province_is_not_known_lies_in_none(hold: Hold) -> None:
    Satker.objects.filter(code=WEST_JAVA).update(province=None)
    for person in (hold("bpk", "auditor", satker=WEST_JAVA), hold("ppk", "ppk", satker=WEST_JAVA)):
        assert selectors.narrowed(person, Action.VIEW_PLACE, Place()) == Place(satker=WEST_JAVA)
        with pytest.raises(NotAllowed):
            selectors.narrowed(person, Action.VIEW_PLACE, Place("32"))


def test_of_two_satker_the_one_that_lies_in_the_place_counts(hold: Hold) -> None:
    hold("orang", "auditor", satker=WEST_JAVA)
    both = hold("orang", "auditor", satker=PAPUA)
    assert selectors.narrowed(both, Action.VIEW_PLACE, Place("32")).satker == WEST_JAVA
    assert selectors.narrowed(both, Action.VIEW_PLACE, Place("91")).satker == PAPUA


def test_who_is_bound_to_a_province_does_not_join_its_satker_with_another_province(hold: Hold) -> None:
    operator = hold("operator", "operator", province="32")
    assert selectors.narrowed(operator, Action.VIEW_PLACE, Place(satker=WEST_JAVA)) == Place("32", satker=WEST_JAVA)
    with pytest.raises(NotAllowed):
        selectors.narrowed(operator, Action.VIEW_PLACE, Place("91", satker=WEST_JAVA))


@pytest.mark.parametrize(
    ("role", "bounds", "scope"),
    [
        ("perencana", {}, "*"),
        ("unit", {"unit": "05"}, "unit:05"),
        ("operator", {"province": "32"}, "32"),
        ("ppk", {"satker": WEST_JAVA}, "32"),
        ("auditor", {"satker": WEST_JAVA}, f"satker:{WEST_JAVA}"),
        ("operator", {"province": "32", "unit": "13"}, f"satker:{WEST_JAVA}"),
    ],
)
def test_the_scope_of_a_session_is_that_of_the_roles(hold: Hold, role: str, bounds: dict[str, str], scope: str) -> None:
    assert selectors.scope_of(hold("orang", role, **bounds)) == scope


def test_the_scope_of_several_roles_is_their_sum(hold: Hold) -> None:
    hold("orang", "auditor", satker=WEST_JAVA)
    both = hold("orang", "auditor", satker=PAPUA)
    assert selectors.scope_of(both) == f"satker:{WEST_JAVA},satker:{PAPUA}"
    assert selectors.scope_of(hold("orang", "perencana")) == "*"


def test_who_is_represented_reads_and_does_not_act_until_it_ends(hold: Hold) -> None:
    ppk = hold("ppk", "ppk", satker=WEST_JAVA, valid_from=date(2026, 1, 1))
    hold(
        "pengganti", "ppk", satker=WEST_JAVA, standing=Standing.ACTING, for_user=ppk,
        valid_from=TODAY, valid_to=TODAY + timedelta(days=9),
    )  # fmt: skip

    def verdicts(day: date) -> tuple[str, bool, bool]:
        mine, other = (User.objects.get(username=name) for name in ("ppk", "pengganti"))
        for user in (mine, other):
            user.held_today = selectors.assignments_of(user, day)  # type: ignore[attr-defined]  # that day
        assert org.may(mine, Action.VIEW_PLACE, HERE).allowed
        act = org.may(mine, Action.RESERVE, HERE)
        return act.code, act.allowed, org.may(other, Action.RESERVE, HERE).allowed

    assert verdicts(TODAY - timedelta(days=1)) == ("", True, False)
    assert verdicts(TODAY) == ("not-allowed-represented", False, True)
    assert verdicts(TODAY + timedelta(days=9)) == ("not-allowed-represented", False, True)
    assert verdicts(TODAY + timedelta(days=10)) == ("", True, False)


@pytest.mark.parametrize(
    ("standing", "signs_kpa", "code"),
    [
        (Standing.DAILY, False, "not-allowed-plh"),
        (Standing.DAILY, True, ""),
        (Standing.ACTING, False, ""),
    ],
)
def test_a_plh_signs_no_act_of_the_kpa_unless_the_decree_says_so(
    hold: Hold, standing: Standing, signs_kpa: bool, code: str
) -> None:
    plh = hold(
        "plh", "kpa", satker=WEST_JAVA, standing=standing, signs_kpa=signs_kpa, valid_to=date(2030, 1, 1)
    )  # fmt: skip
    assert org.may(plh, Action.SIGN_AS_KPA, HERE).code == code


def test_the_trail_says_on_whose_behalf(hold: Hold) -> None:
    ppk = hold("ppk", "ppk", satker=WEST_JAVA)
    plt = hold("plt", "ppk", satker=WEST_JAVA, standing=Standing.ACTING, for_user=ppk, valid_to=date(2030, 1, 1))
    org.require(plt, Action.RESERVE, HERE)
    event = record(actor=plt, action="tried", subject_type="satker", subject_id=WEST_JAVA)
    assert event.on_behalf_of == f"plt ppk {WEST_JAVA} (ppk)"
    org.require(plt, Action.OWN_ACCOUNT)
    assert record(actor=plt, action="tried", subject_type="satker", subject_id=WEST_JAVA).on_behalf_of == ""


def test_whoever_prepares_does_not_approve(hold: Hold) -> None:
    head = hold("kadis", "kadis", province="32")
    prepared = Matter(HERE, prepared_by=frozenset({head.pk}))
    assert org.may(head, Action.SIGN_AS_HEAD, prepared).code == "not-allowed-preparer"
    assert org.may(head, Action.SIGN_AS_HEAD, Matter(HERE, prepared_by=frozenset({head.pk + 1}))).allowed
    with pytest.raises(NotAllowed):
        org.require(head, Action.SIGN_AS_HEAD, prepared)


def test_an_action_asks_for_its_status(hold: Hold) -> None:
    planner = hold("perencana", "perencana")
    assert org.may(planner, Action.UNDO_IMPORT, Matter(status="applied")).allowed
    assert org.may(planner, Action.UNDO_IMPORT, Matter(status="undone")).code == "not-allowed-status"


def test_a_bpk_auditor_reads_the_satker_of_the_letter_and_no_other(hold: Hold) -> None:
    auditor = hold("bpk", "auditor", satker=WEST_JAVA, institution=Institution.BPK, valid_to=date(2030, 1, 1))
    assert org.may(auditor, Action.VIEW_PLACE, HERE).allowed
    assert org.may(auditor, Action.VIEW_PLACE, FOREIGN).code == "not-allowed-place"
    assert org.may(auditor, Action.VIEW_PLACE, Place("32")).code == "not-allowed-place"
    assert org.may(auditor, Action.VIEW_NATIONAL, Place()).code == "not-allowed-place"


def test_a_thousand_rows_ask_the_database_once(hold: Hold) -> None:
    ppk = selectors.with_roles(hold("ppk", "ppk", satker=WEST_JAVA))
    with CaptureQueriesContext(connection) as queries:
        verdicts = [org.may(ppk, Action.RESERVE, Place("32", "13", f"{n:06}")) for n in range(1000)]
    assert len(queries) == 0
    assert not any(verdict.allowed for verdict in verdicts)
    fresh = User.objects.get(username="ppk")
    with CaptureQueriesContext(connection) as queries:
        selectors.with_roles(fresh)
        assert all(org.may(fresh, Action.VIEW_PLACE, HERE).allowed for _ in range(1000))
    assert len(queries) == 1


STATES: dict[str, type[TextChoices]] = {
    "import": ImportStatus, "block": HoldStatus, "reservation": HoldStatus, "case": CaseStatus,
    "record": RecordStatus,
    "alert": AlertState,
    "attachment": AttachmentState, "document": DocumentState, "assignment": AssignmentState,
    "registration": RegistrationState, "invitation": InvitationState,
    "account": AccountState, "meeting": MeetingState,
    "decision": DecisionState, "issue": IssueState,
}  # fmt: skip


def test_each_status_of_the_matrix_is_one_of_its_subject() -> None:
    for action, deed in matrix().actions.items():
        assert deed.status <= set(STATES[deed.subject].values) if deed.subject else not deed.status, action


@pytest.mark.parametrize("action", [action for action in Action if matrix().actions[action].status])
def test_an_action_with_a_status_is_refused_in_every_other_status_also_to_the_system(
    hold: Hold, action: Action
) -> None:
    role = matrix().holders(action)[0]
    bounds = {"province": {"province": "32"}, "satker": {"satker": WEST_JAVA}}.get(matrix().roles[role].bound_to, {})
    person = hold("orang", role, **bounds)
    deed = matrix().actions[action]
    for status in STATES[deed.subject].values:
        expected = "" if status in deed.status else "not-allowed-status"
        for actor in (person, selectors.system_user()):
            assert org.may(actor, action, Matter(HERE, status, status)).code == expected, (action, status)
    wrong = next(one for one in STATES[deed.subject].values if one not in deed.status)
    with pytest.raises(Conflict):
        org.require(person, action, Matter(HERE, wrong, wrong))


PREPARED = [action for action in Action if matrix().actions[action].not_preparer]


@pytest.mark.parametrize("action", PREPARED)
def test_whoever_prepared_it_or_whom_it_concerns_is_refused_and_another_is_not(hold: Hold, action: Action) -> None:
    role = matrix().holders(action)[0]
    bounds = {"province": {"province": "32"}, "satker": {"satker": WEST_JAVA}}.get(matrix().roles[role].bound_to, {})
    first = hold("pertama", role, **bounds)
    stands_in = {"standing": Standing.ACTING, "valid_to": date(2030, 1, 1)} if role in matrix().offices.order else {}
    second = hold("kedua", role, **bounds, **stands_in)
    prepared = Matter(HERE, next(iter(matrix().actions[action].status), ""), prepared_by=frozenset({first.pk}))
    assert org.may(first, action, prepared).code == "not-allowed-preparer"
    assert org.may(second, action, prepared).allowed


def test_nobody_approves_the_own_registration_or_invites_themselves(hold: Hold) -> None:
    kadis = hold("kadis", "kadis", province="32")
    admin = hold("admin-uji", "admin")
    for person in (kadis, admin):
        User.objects.filter(pk=person.pk).update(email=f"{person.username}@example.go.id")
    letter = org.Letter("0" * 64, "surat.pdf", "application/pdf")
    for person, other in ((kadis, admin), (admin, kadis)):
        asked = org.register(
            applicant=org.Applicant("Calon", f"{person.username}@EXAMPLE.go.id", "Staf", "operator", "32"),
            letter=letter, now=timezone.now(),
        )  # fmt: skip
        with pytest.raises(NotAllowed) as refused:
            org.approve_registration(actor=person, number=asked.pk, now=timezone.now())
        assert refused.value.code == "not-allowed-preparer"
        assert org.approve_registration(actor=other, number=asked.pk, now=timezone.now()).state == "approved"
        with pytest.raises(Conflict) as over:
            org.refuse_registration(actor=other, number=asked.pk, reason="terlambat", now=timezone.now())
        assert other.username in over.value.message("id")
        with pytest.raises(NotAllowed):
            org.invite(
                actor=person, display_name="Sendiri", email=f"{person.username}@example.go.id", role="operator",
                province="32", now=timezone.now(),
            )  # fmt: skip


def test_nobody_closes_reopens_or_resets_the_own_account(hold: Hold) -> None:
    admin = hold("admin-uji", "admin")
    for step in (org.close_account, org.reset_factors):
        with pytest.raises(NotAllowed) as refused:
            step(actor=admin, username=admin.username, reason="iseng saja", now=timezone.now())
        assert refused.value.code == "not-allowed-preparer"
