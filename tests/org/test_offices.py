"""Offices of a satker: decrees, incompatible pairs, gaps, acting officials, ends; the database repeats the rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import permutations

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from dekon.audit.models import Event
from dekon.errors import Conflict, NotAllowed, Unfit
from dekon.org import selectors
from dekon.org import services as org
from dekon.org.choices import Action, Role
from dekon.org.matrix import matrix
from dekon.org.models import Province, RoleAssignment, Satker, Unit, User
from dekon.org.selectors.offices import assignments_ever, conflicting, office_books, office_holder, people_of, voided_of
from tests.builders.small_year import PAPUA, WEST_JAVA, place_satker

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
BEGIN, END = date(2026, 1, 1), date(2026, 12, 31)
DECREE = org.Decree("SK Gubernur 821/1/2026", date(2025, 12, 20))
OFFICES = ("kpa", "ppk", "ppspm", "bendahara")
SISTER = "029105"

type Give = Callable[..., org.Assigned]


@pytest.fixture
def give(db: None) -> Give:
    """Gives somebody an office, as the command line does."""
    return giving()


def giving() -> Give:
    place_satker()
    unit = Unit.objects.get(ba_code="026", code="05")
    Satker.objects.get_or_create(
        code=SISTER, defaults={"name": "Dinas", "unit": unit, "province": Province.objects.get(code="32")}
    )

    def person(name: str, role: str = "kpa", **rest: object) -> org.Assigned:
        User.objects.get_or_create(username=name)
        stated = org.StatedAssignment(
            username=name, role=role, satker=WEST_JAVA, valid_from=BEGIN, valid_to=END, decree=DECREE
        )
        return org.assign(actor=selectors.system_user(), stated=replace(stated, **rest))  # type: ignore[arg-type]  # fields by name

    return person


def codes(refused: pytest.ExceptionInfo[Unfit]) -> set[str]:
    return {problem.code for problem in refused.value.problems}


def test_an_official_is_recorded_with_the_decree_and_the_trail_says_so(give: Give) -> None:
    made = give("kpa").assignment
    assert (made.decree_no, made.decree_on, made.recorded_by) == (*(DECREE.number, DECREE.on), selectors.system_user())
    event = Event.objects.get(action="role-assigned")
    assert (event.subject_name, event.satker_code) == ("kpa", WEST_JAVA)


def test_the_head_need_not_be_the_kpa(give: Give) -> None:
    give("kadis", "kadis", satker="", province="32", decree=org.Decree())
    assert give("orang-lain", "kpa").warnings == ()


def test_an_office_without_satker_decree_or_day_is_refused_with_every_reason(give: Give) -> None:
    with pytest.raises(Unfit) as refused:
        give("kpa", satker="", decree=org.Decree(), valid_to=date(2025, 1, 1))
    assert codes(refused) == {
        "assignment-bound-satker", "assignment-decree-missing", "assignment-decree-undated", "assignment-ends-before"
    }  # fmt: skip


@pytest.mark.parametrize(("first", "second"), list(permutations(OFFICES, 2)))
def test_incompatible_offices_of_one_satker_are_refused_by_service_and_database(
    give: Give, first: str, second: str
) -> None:
    give("orang", first)
    refused = Role(second) in conflicting(matrix().offices.incompatible, first)
    cautioned = Role(second) in conflicting(matrix().offices.cautioned, first)
    assert refused is not cautioned
    if refused:
        with pytest.raises(Unfit) as said:
            give("orang", second)
        assert codes(said) == {"office-incompatible"}
        with pytest.raises(IntegrityError, match=r"do not go together"):
            raw("orang", second)
    else:
        assert [one.code for one in give("orang", second).warnings] == ["office-cautioned"]


def raw(name: str, role: str, first: date = BEGIN, last: date | None = END) -> None:
    """A row past every service."""
    with transaction.atomic():
        RoleAssignment.objects.create(
            user=User.objects.get(username=name), role=role, satker=Satker.objects.get(code=WEST_JAVA),
            valid_from=first, valid_to=last, decree_no="SK", decree_on=BEGIN,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("first", "last", "refused"),
    [
        (date(2025, 1, 1), date(2025, 12, 31), False),
        (date(2025, 1, 1), date(2026, 1, 1), True),
        (date(2026, 12, 31), date(2027, 6, 30), True),
        (date(2027, 1, 1), None, False),
        (date(2025, 1, 1), None, True),
    ],
)
def test_the_day_before_and_the_day_after_are_free(give: Give, first: date, last: date | None, refused: bool) -> None:
    give("orang", "ppk")
    if not refused:
        assert give("orang", "ppspm", valid_from=first, valid_to=last).assignment.pk
        return
    with pytest.raises(Unfit):
        give("orang", "ppspm", valid_from=first, valid_to=last)
    with pytest.raises(IntegrityError):
        raw("orang", "ppspm", first, last)


def test_in_two_satker_of_one_office_it_is_warned_of_and_in_two_provinces_not(give: Give) -> None:
    give("orang", "ppk")
    assert [one.code for one in give("orang", "ppspm", satker=SISTER).warnings] == ["office-incompatible-elsewhere"]
    assert give("orang", "bendahara", satker=PAPUA).warnings == ()


@pytest.mark.parametrize("office", OFFICES)
def test_an_office_of_one_person_has_no_second_holder(give: Give, office: str) -> None:
    give("satu", office)
    User.objects.create(username="dua")
    if Role(office) not in matrix().offices.single:
        assert give("dua", office).assignment.pk
        return
    with pytest.raises(Unfit) as said:
        give("dua", office)
    assert codes(said) == {"office-taken"}
    with pytest.raises(IntegrityError):
        raw("dua", office)


def test_what_was_recorded_stays(give: Give) -> None:
    row = give("kpa").assignment
    for change in ({"user": selectors.system_user()}, {"decree_no": "lain"}, {"valid_from": date(2025, 1, 1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            RoleAssignment.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.delete()


@pytest.mark.django_db(transaction=True)
def test_two_who_give_incompatible_offices_at_once_do_not_both_succeed() -> None:
    giving()
    User.objects.create(username="orang")

    def insert(role: str) -> bool:
        try:
            raw("orang", role)
        except IntegrityError:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(insert, ("ppk", "ppspm")))
    assert sorted(done) == [False, True]


def test_a_gap_is_shown_and_nobody_acts_in_it(give: Give) -> None:
    give("lama", "ppspm", valid_to=date(2026, 9, 30))
    give("baru", "ppspm", valid_from=date(2026, 10, 3))
    satker = Satker.objects.get(code=WEST_JAVA)
    book = office_books([satker], BEGIN, END)[0]
    gaps = [(one.first, one.last, one.days) for one in book.gaps() if one.office == "ppspm"]
    assert gaps == [(date(2026, 10, 1), date(2026, 10, 2), 2)]
    days = (date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 2), date(2026, 10, 3))
    held = [office_holder(satker, "ppspm", day) for day in days]
    assert [str(one.user) if one else None for one in held] == ["lama", None, None, "baru"]


def test_all_offices_of_many_satker_are_one_query_and_their_names_another(give: Give) -> None:
    give("kpa")
    with CaptureQueriesContext(connection) as queries:
        books = office_books(list(Satker.objects.select_related("unit")), BEGIN, END)
        assert all(str(one.held.user) for book in books for one in book.tenures if one.held)
    assert len(queries) == 3  # with that of the satker


def test_acting_passes_for_a_period_and_returns(give: Give) -> None:
    row = give("ppk", "ppk").assignment
    User.objects.create(username="plt")
    org.delegate(
        actor=selectors.system_user(), number=row.pk, username="plt", standing="plt", valid_from=date(2026, 3, 2),
        valid_to=date(2026, 3, 20), decree=DECREE,
    )  # fmt: skip
    satker = Satker.objects.get(code=WEST_JAVA)
    days = (date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 20), date(2026, 3, 21))
    held = [office_holder(satker, "ppk", day) for day in days]
    assert [str(one.user) if one else "" for one in held] == ["ppk", "plt", "plt", "ppk"]
    with as_of("plt", date(2026, 3, 20)) as plt:
        assert org.may(plt, Action.RESERVE, selectors.satker_place(satker)).allowed
    with as_of("plt", date(2026, 3, 21)) as plt:
        assert org.may(plt, Action.RESERVE).code == "not-allowed-role"


@contextmanager
def as_of(name: str, day: date) -> Iterator[User]:
    user = User.objects.get(username=name)
    user.held_today = selectors.assignments_of(user, day)  # type: ignore[attr-defined]  # what a request that day reads
    yield user


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"valid_to": date(2027, 3, 1)}, "assignment-nothing-to-represent"),
        ({"username": "ppk"}, "assignment-for-oneself"),
        ({"decree": org.Decree()}, "assignment-decree-missing"),
        ({"username": "ppspm"}, "office-incompatible"),
    ],
)
def test_acting_that_does_not_fit_is_refused(give: Give, change: dict[str, object], code: str) -> None:
    row = give("ppk", "ppk").assignment
    give("ppspm", "ppspm")
    User.objects.create(username="plh")
    wanted: dict[str, object] = {
        "username": "plh", "standing": "plh", "valid_from": date(2026, 3, 2), "valid_to": date(2026, 3, 20),
        "decree": DECREE, **change,
    }  # fmt: skip
    with pytest.raises(Unfit) as said:
        org.delegate(actor=selectors.system_user(), number=row.pk, **wanted)  # type: ignore[arg-type]  # by name
    assert code in codes(said)


def test_an_end_takes_effect_after_its_day_ends_whoever_acts_and_happens_once(give: Give) -> None:
    row = give("ppk", "ppk").assignment
    User.objects.create(username="plt")
    org.delegate(
        actor=selectors.system_user(), number=row.pk, username="plt", standing="plt", valid_from=date(2026, 3, 2),
        valid_to=date(2026, 5, 20), decree=DECREE,
    )  # fmt: skip
    system = selectors.system_user()
    org.end_assignment(actor=system, number=row.pk, last_day=date(2026, 3, 10), reason="SK 9/2026", now=NOW)
    satker = Satker.objects.get(code=WEST_JAVA)
    assert office_holder(satker, "ppk", date(2026, 3, 10)) is not None
    assert office_holder(satker, "ppk", date(2026, 3, 11)) is None
    row.refresh_from_db()
    assert (row.planned_to, row.valid_to, row.ended_at, row.end_reason) == (END, date(2026, 3, 10), NOW, "SK 9/2026")
    with pytest.raises(Conflict):
        org.end_assignment(actor=system, number=row.pk, last_day=date(2026, 3, 9), reason="SK 9/2026", now=NOW)


@pytest.mark.parametrize(
    ("last_day", "reason", "code"),
    [
        (date(2025, 12, 31), "SK 9/2026", "assignment-ends-before"),
        (date(2027, 1, 1), "SK 9/2026", "assignment-ends-after"),
        (date(2026, 3, 1), "", "entry-reason-missing"),
    ],
)
def test_an_end_that_does_not_fit_is_refused(give: Give, last_day: date, reason: str, code: str) -> None:
    row = give("ppk", "ppk").assignment
    with pytest.raises(Unfit) as said:
        org.end_assignment(
            actor=selectors.system_user(), number=row.pk, last_day=last_day, reason=reason, now=NOW
        )  # fmt: skip
    assert codes(said) == {code}


def test_bpk_comes_by_letter_satker_and_dates(give: Give) -> None:
    for change in ({"valid_to": None}, {"decree": org.Decree()}, {"satker": ""}):
        with pytest.raises(Unfit) as said:
            give("bpk", "auditor", **{"institution": "bpk", **change})
        assert codes(said) == {"assignment-bpk-by-letter"}
    made = give("bpk", "auditor", institution="bpk", valid_from=date(2026, 3, 2), valid_to=date(2026, 3, 20)).assignment
    bpk = made.user
    days = (date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 20), date(2026, 3, 21))
    assert [selectors.scope_of(bpk, day) for day in days] == ["", f"satker:{WEST_JAVA}", f"satker:{WEST_JAVA}", ""]
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleAssignment.objects.create(user=bpk, role="auditor", institution="bpk")


def test_an_auditor_says_whose(give: Give) -> None:
    with pytest.raises(Unfit) as said:
        give("itjen", "auditor", satker="")
    assert codes(said) == {"assignment-auditor-of-whom"}
    assert give("itjen", "auditor", satker="", institution="itjen").assignment.pk


def local_admin(province: str) -> User:
    user = User.objects.create(username=f"admin-dinas-{province}")
    RoleAssignment.objects.create(user=user, role="admin-dinas", province=Province.objects.get(code=province))
    return user


def test_a_local_administrator_gives_local_roles_in_the_own_office_and_none_to_themselves(give: Give) -> None:
    give("kpa")
    local = local_admin("32")
    User.objects.create(username="orang")
    stated = org.StatedAssignment(
        username="orang", role="ppk", satker=WEST_JAVA, valid_from=BEGIN, valid_to=END, decree=DECREE
    )
    assert org.assign(actor=local, stated=stated).assignment.pk
    for change, code in (
        ({"satker": PAPUA}, "not-allowed-place"),
        ({"role": "admin-dinas", "satker": "", "province": "32"}, "not-allowed-role"),
        ({"role": "perencana", "satker": ""}, "not-allowed-role"),
        ({"username": local.username}, "not-allowed-preparer"),
    ):
        with pytest.raises(NotAllowed) as refused:
            org.assign(actor=local, stated=replace(stated, **change))  # type: ignore[arg-type]  # fields by name
        assert refused.value.code == code


def test_an_operator_gives_nothing(give: Give) -> None:
    give("operator", "operator", satker="", province="32")
    operator = User.objects.get(username="operator")
    with pytest.raises(NotAllowed):
        org.assign(
            actor=operator,
            stated=org.StatedAssignment("operator", "kpa", BEGIN, satker=WEST_JAVA, decree=DECREE),
        )  # fmt: skip


def void(number: int, reason: str = "orang yang keliru") -> RoleAssignment:
    return org.void_assignment(actor=selectors.system_user(), number=number, reason=reason, at=NOW)


def test_what_was_recorded_wrongly_counts_nowhere_and_stays_on_record(give: Give) -> None:
    wrong = give("keliru", "ppspm", valid_to=None).assignment
    satker = Satker.objects.get(code=WEST_JAVA)
    assert void(wrong.pk).void_reason == "orang yang keliru"
    keliru = User.objects.get(username="keliru")
    assert selectors.assignments_of(keliru, BEGIN) == []
    assert selectors.scope_of(keliru, BEGIN) == ""
    assert not selectors.may(keliru, Action.VIEW_PLACE).allowed
    assert office_holder(satker, "ppspm", BEGIN) is None
    (book,) = office_books([satker], BEGIN, END)
    assert [one.office for one in book.gaps()] == ["kpa", "ppk", "ppspm", "bendahara"]
    assert "keliru" not in {one.username for one in people_of("32")}
    assert [one.pk for one in assignments_ever(keliru)] == [wrong.pk]
    assert [one.pk for one in voided_of(satker, BEGIN, END)] == [wrong.pk]
    event = Event.objects.get(action="assignment-voided")
    assert (event.reason, event.satker_code, event.before["decree"]) == ("orang yang keliru", WEST_JAVA, DECREE.number)


def test_the_office_of_a_void_assignment_is_free_for_another_and_for_what_did_not_go_with_it(give: Give) -> None:
    wrong = give("keliru", "ppspm").assignment
    with pytest.raises(Unfit):
        give("benar", "ppspm")
    void(wrong.pk)
    assert give("benar", "ppspm").warnings == ()
    assert give("keliru", "ppk").warnings == ()
    raw("keliru", "bendahara", date(2027, 1, 1), None)
    User.objects.create(username="ketiga")
    with pytest.raises(IntegrityError, match=r"held by another"):
        raw("ketiga", "ppspm")


def test_a_void_assignment_is_not_voided_again_ended_or_acted_for(give: Give) -> None:
    wrong = give("keliru", "kpa").assignment
    void(wrong.pk)
    with pytest.raises(Conflict) as refused:
        void(wrong.pk, "sekali lagi")
    assert refused.value.code == "not-allowed-status"
    assert "orang yang keliru" in refused.value.message("id")
    with pytest.raises(Conflict):
        org.end_assignment(actor=selectors.system_user(), number=wrong.pk, last_day=END, reason="pindah tugas", now=NOW)
    User.objects.create(username="pengganti")
    with pytest.raises(Unfit) as unfit:
        org.delegate(
            actor=selectors.system_user(), number=wrong.pk, username="pengganti", standing="plh", valid_from=BEGIN,
            valid_to=END, decree=DECREE,
        )  # fmt: skip
    assert codes(unfit) == {"assignment-nothing-to-represent"}
    for change in ("voided_at = NULL, voided_by_id = NULL, void_reason = ''", "valid_to = NULL", "void_reason = 'x'"):
        with pytest.raises(IntegrityError, match="not changed any more"), transaction.atomic():
            connection.cursor().execute(f"UPDATE org_roleassignment SET {change} WHERE id = {wrong.pk}")


def test_whoever_acts_in_the_place_is_declared_void_first(give: Give) -> None:
    held = give("kpa").assignment
    User.objects.create(username="pengganti")
    acting = org.delegate(
        actor=selectors.system_user(), number=held.pk, username="pengganti", standing="plh", valid_from=BEGIN,
        valid_to=END, decree=DECREE,
    ).assignment  # fmt: skip
    with pytest.raises(Conflict) as refused:
        void(held.pk)
    assert refused.value.code == "assignment-represented"
    void(acting.pk)
    assert void(held.pk).voided_at


def test_a_voiding_needs_a_reason_and_is_nobodys_own(give: Give) -> None:
    held = give("kadis", "kadis", satker="", province="32", decree=org.Decree(), valid_to=None).assignment
    with pytest.raises(Unfit):
        void(held.pk, " x ")
    with pytest.raises(NotAllowed):
        org.void_assignment(actor=User.objects.get(username="kadis"), number=held.pk, reason="keliru dicatat", at=NOW)
    RoleAssignment.objects.get(pk=held.pk, voided_at__isnull=True)
