"""Policies, outcomes, themes, reservations and blocks that people write down: rules, figures by day, trail, rights."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from dekon.audit.models import Event
from dekon.budget import selectors, services
from dekon.budget.models import Block, ImportRun, Outcome, Policy, Reservation, ThemeTag
from dekon.errors import Conflict, DekonError, NotAllowed, NotFound, RuleBroken
from dekon.ledger.models import Pos
from dekon.ledger.selectors import prove_book, sums_on
from dekon.org import selectors as org
from dekon.org import services as people
from dekon.org.models import User
from tests.budget.conftest import Bring, recap_total
from tests.builders.files import Account, FaPrint, budget_record, payment_record, write_fa_xlsx
from tests.builders.small_year import PAPUA, place_satker


@pytest.fixture
def planner(db: None) -> User:
    """Somebody who may edit the plan."""
    return people.add_user(actor=org.system_user(), username="rencana", password="", role="perencana")


@pytest.fixture
def pos(bring: Bring) -> Pos:
    """A position of twelve million from 1 January."""
    run: ImportRun = bring(budget_record())
    assert run.status == "applied"
    return Pos.objects.get()


def block(planner: User, pos: Pos, amount_rp: int = 4_000_000, kind: str = "aa") -> Block:
    """A block from 10 January."""
    return services.block_pagu(
        actor=planner, pos_id=pos.pk, amount_rp=amount_rp, kind=kind, letter_no="S-1/MK.02/2022",
        letter_on=date(2022, 1, 7), on=date(2022, 1, 10),
    )  # fmt: skip


def standing(day: date) -> tuple[int, int]:
    """Blocked and reserved at the end of a day."""
    sums = sums_on(year=2022, on=day)
    return sums["blocked_rp"], sums["reserved_rp"]


def test_a_policy_with_target_and_links_is_written_down_once_and_every_change_is_in_the_trail(planner: User) -> None:
    facts = {"actor": planner, "fiscal_year": 2022, "code": "K1"}
    policy = services.state_policy(**facts, name="Menurunkan pengangguran")  # type: ignore[arg-type]  # test's own
    services.state_policy(**facts, name="Menurunkan pengangguran")  # type: ignore[arg-type]  # test's own
    target = {"actor": planner, "policy_id": policy.pk, "indicator": "tpt", "name": "TPT", "unit": "persen"}
    services.state_target(**target, low=Decimal("5.5"), high=Decimal("6.3"), lower_is_better=True)  # type: ignore[arg-type]  # test's own
    services.state_target(**target, low=Decimal("5.3"), high=Decimal("6.3"), lower_is_better=True)  # type: ignore[arg-type]  # test's own
    for _ in range(2):
        services.link_policy(actor=planner, policy_id=policy.pk, program="DL", kegiatan="4057")
    (found,) = selectors.policies(2022)
    assert [(str(t.low), str(t.high)) for t in found.targets.all()] == [("5.3000", "6.3000")]
    assert [str(link) for link in found.links.all()] == ["DL.4057"]
    assert list(Event.objects.filter(subject_type="policy").order_by("id").values_list("action", "before__low")) == [
        ("policy-added", None),
        ("policy-target-stated", None),
        ("policy-target-stated", "5.5000"),
        ("policy-linked", None),
    ]


def test_a_policy_with_links_stays_until_they_are_taken_away(planner: User) -> None:
    policy = services.state_policy(actor=planner, fiscal_year=2022, code="K1", name="Keliru")
    services.link_policy(actor=planner, policy_id=policy.pk, program="DL")
    with pytest.raises(Conflict, match="Keliru"):
        services.remove_policy(actor=planner, policy_id=policy.pk)
    services.unlink_policy(actor=planner, policy_id=policy.pk, program="DL")
    services.remove_policy(actor=planner, policy_id=policy.pk)
    assert not Policy.objects.exists()


@pytest.mark.parametrize(("program", "kegiatan"), [("XX", ""), ("DN", "4057"), ("DL", "9999")])
def test_a_policy_is_linked_only_to_what_the_lists_know(planner: User, program: str, kegiatan: str) -> None:
    policy = services.state_policy(actor=planner, fiscal_year=2022, code="K1", name="Kebijakan")
    with pytest.raises(NotFound):
        services.link_policy(actor=planner, policy_id=policy.pk, program=program, kegiatan=kegiatan)


def test_an_outcome_is_put_right_and_the_trail_keeps_the_old_value(planner: User) -> None:
    given = {"actor": planner, "indicator": "tpt", "year": 2025, "round_name": "Agustus", "source": "BPS"}
    first = services.record_outcome(**given, province="32", value=Decimal("7.1"))  # type: ignore[arg-type]  # test's own
    again = services.record_outcome(**given, province="32", value=Decimal("6.9"))  # type: ignore[arg-type]  # test's own
    services.record_outcome(**given, value=Decimal("5.0"))  # type: ignore[arg-type]  # test's own
    assert (first.pk, Outcome.objects.filter(indicator="tpt", year=2025).count()) == (again.pk, 2)
    changed = Event.objects.get(action="outcome-changed")
    assert (changed.before["value"], changed.after["value"]) == ("7.1000", "6.9")


def test_a_theme_tags_and_untags_and_the_recap_follows(planner: User, pos: Pos) -> None:
    services.state_theme(actor=planner, name="PEN", description="Pemulihan")
    cut = {"theme": "PEN", "fiscal_year": 2022, "kegiatan": pos.kegiatan, "kro": pos.kro, "ro": pos.ro}
    for _ in range(2):
        services.tag(actor=planner, **cut)  # type: ignore[arg-type]  # test's own
    assert (ThemeTag.objects.count(), recap_total(theme="PEN").pagu_rp) == (1, 12_000_000)
    with pytest.raises(Conflict):
        services.remove_theme(actor=planner, name="PEN")
    services.untag(actor=planner, **cut)  # type: ignore[arg-type]  # test's own
    assert recap_total(theme="PEN").pagu_rp == 0
    services.remove_theme(actor=planner, name="PEN")
    assert selectors.theme_names() == []


@pytest.mark.parametrize(("kro", "ro"), [("SCH", ""), ("", "001"), ("SCH", "1")])
def test_half_an_ro_is_no_tag(planner: User, kro: str, ro: str) -> None:
    services.state_theme(actor=planner, name="PEN")
    with pytest.raises(RuleBroken):
        services.tag(actor=planner, theme="PEN", fiscal_year=2022, kegiatan="2175", kro=kro, ro=ro)


def test_a_reservation_holds_from_its_day_and_is_released_in_parts(planner: User, pos: Pos) -> None:
    held = services.reserve_pagu(
        actor=planner, pos_id=pos.pk, amount_rp=5_000_000, document="Kontrak 1", on=date(2022, 3, 1)
    )
    services.release_reservation(
        actor=planner, reservation_id=held.pk, amount_rp=2_000_000, on=date(2022, 5, 1), reason="SP2D 1"
    )
    held = services.release_reservation(actor=planner, reservation_id=held.pk, on=date(2022, 6, 1), reason="SP2D 2")
    days = [date(2022, 2, 28), date(2022, 3, 1), date(2022, 4, 30), date(2022, 5, 1), date(2022, 6, 1)]
    assert [standing(day)[1] for day in days] == [0, 5_000_000, 5_000_000, 3_000_000, 0]
    assert (held.left_rp, held.releases.count()) == (0, 2)
    with pytest.raises(Conflict) as refused:
        services.release_reservation(
            actor=planner, reservation_id=held.pk, amount_rp=1, on=date(2022, 6, 2), reason="SP2D 3"
        )
    assert refused.value.code == "not-allowed-status"
    assert prove_book().disagreement is None


@pytest.mark.parametrize(
    ("amount_rp", "on", "document", "code"),
    [
        (12_000_000, date(2022, 3, 1), "Kontrak 2", "ledger-no-room-since"),
        (11_000_001, date(2022, 1, 1), "Kontrak 2", "ledger-no-room-since"),
        (0, date(2022, 3, 1), "Kontrak 2", "reservation-incomplete"),
        (-1, date(2022, 3, 1), "Kontrak 2", "reservation-incomplete"),
        (1, date(2022, 3, 1), " ", "reservation-incomplete"),
        (1, date(2023, 1, 1), "Kontrak 2", "day-outside-year"),
        (1, date(2021, 12, 31), "Kontrak 2", "day-outside-year"),
        (1, date(2022, 3, 1), "Kontrak 1", "reservation-exists"),
    ],
)
def test_what_cannot_be_reserved(  # noqa: PLR0917  one case
    planner: User, pos: Pos, amount_rp: int, on: date, document: str, code: str
) -> None:
    services.reserve_pagu(actor=planner, pos_id=pos.pk, amount_rp=1_000_000, document="Kontrak 1", on=date(2022, 2, 1))
    with pytest.raises(DekonError) as refused:
        services.reserve_pagu(actor=planner, pos_id=pos.pk, amount_rp=amount_rp, document=document, on=on)
    assert refused.value.code == code
    assert Reservation.objects.count() == 1
    assert standing(date(2022, 12, 31)) == (0, 1_000_000)


def test_a_backdated_reservation_may_not_use_what_a_day_in_between_needs(planner: User, pos: Pos, bring: Bring) -> None:
    held = services.reserve_pagu(
        actor=planner, pos_id=pos.pk, amount_rp=11_000_000, document="Kontrak 1", on=date(2022, 5, 1)
    )
    services.release_reservation(actor=planner, reservation_id=held.pk, on=date(2022, 6, 1), reason="Batal")
    with pytest.raises(Conflict) as refused:
        services.reserve_pagu(
            actor=planner, pos_id=pos.pk, amount_rp=1_000_001, document="Kontrak 2", on=date(2022, 2, 1)
        )
    assert (refused.value.code, refused.value.params["room"]) == ("ledger-no-room-since", 1_000_000)
    for document, amount_rp, on in (("Kontrak 2", 1_000_000, date(2022, 2, 1)), ("K 3", 11_000_000, date(2022, 6, 1))):
        services.reserve_pagu(actor=planner, pos_id=pos.pk, amount_rp=amount_rp, document=document, on=on)


def test_days_before_the_first_known_pagu_do_not_stand_in_the_way_of_a_letter(
    planner: User, bring: Bring, tmp_path: Path
) -> None:
    account = Account(("DL", "2175", "SCH", "001", "051", "0A"), "521211", 12_000_000)
    bring(path=write_fa_xlsx(tmp_path / "fa.xlsx", FaPrint([account], period="Maret 2022")))
    made = block(planner, Pos.objects.get())
    assert (made.blocked_on, standing(date(2022, 1, 10))) == (date(2022, 1, 10), (4_000_000, 0))


def test_an_official_of_another_satker_cannot_reserve(pos: Pos, planner: User) -> None:
    place_satker()
    foreign = people.add_user(
        actor=org.system_user(), username="ppk", password="", role="ppk", satker=PAPUA, decree_no="SK 1",
        decree_on=date(2021, 12, 20),
    )  # fmt: skip
    with pytest.raises(NotAllowed):
        services.reserve_pagu(actor=foreign, pos_id=pos.pk, amount_rp=1, document="Kontrak 1", on=date(2022, 3, 1))
    held = services.reserve_pagu(actor=planner, pos_id=pos.pk, amount_rp=1, document="Kontrak 1", on=date(2022, 3, 1))
    with pytest.raises(NotAllowed):
        services.release_reservation(actor=foreign, reservation_id=held.pk, on=date(2022, 3, 2), reason="x")


def test_a_block_is_released_in_parts_by_letters_with_their_days(planner: User, pos: Pos) -> None:
    made = block(planner, pos)
    services.release_block(
        actor=planner, block_id=made.pk, letter_no="S-2", on=date(2022, 8, 22), amount_rp=1_500_000,
        letter_on=date(2022, 8, 20),
    )  # fmt: skip
    made = services.release_block(actor=planner, block_id=made.pk, letter_no="S-3", on=date(2022, 10, 3))
    days = [date(2022, 1, 9), date(2022, 1, 10), date(2022, 8, 21), date(2022, 8, 22), date(2022, 10, 3)]
    assert [standing(day)[0] for day in days] == [0, 4_000_000, 4_000_000, 2_500_000, 0]
    assert [(r.letter_no, r.amount_rp) for r in made.releases.all()] == [("S-2", 1_500_000), ("S-3", 2_500_000)]
    assert (made.left_rp, made.released_on, made.release_letter_no) == (0, date(2022, 10, 3), "S-3")
    trail = Event.objects.filter(action="block-released").order_by("id")
    assert [(e.satker_code, e.after["left_rp"]) for e in trail] == [("119073", 2_500_000), ("119073", 0)]


@pytest.mark.parametrize(
    ("amount_rp", "on", "letter", "code"),
    [
        (4_000_001, date(2022, 3, 1), "S-2", "block-not-that-much"),
        (0, date(2022, 3, 1), "S-2", "block-not-that-much"),
        (1, date(2022, 1, 9), "S-2", "release-incomplete"),
        (1, date(2023, 1, 1), "S-2", "release-incomplete"),
        (1, date(2022, 3, 1), " ", "release-incomplete"),
    ],
)
def test_what_cannot_be_released(  # noqa: PLR0917  one case
    planner: User, pos: Pos, amount_rp: int, on: date, letter: str, code: str
) -> None:
    made = block(planner, pos)
    with pytest.raises(DekonError) as refused:
        services.release_block(actor=planner, block_id=made.pk, letter_no=letter, on=on, amount_rp=amount_rp)
    assert refused.value.code == code
    assert Block.objects.get().left_rp == 4_000_000


def test_a_block_of_an_unknown_kind_is_no_block(planner: User, pos: Pos) -> None:
    with pytest.raises(NotFound):
        block(planner, pos, 1, "xx")


def test_a_payment_that_waited_is_posted_when_part_of_a_block_is_released(
    planner: User, pos: Pos, bring: Bring
) -> None:
    made = block(planner, pos)
    bring(payment_record(NILAI_RUPIAH=9_000_000))
    assert (recap_total().realised_rp, recap_total().parked_rp) == (0, 9_000_000)
    services.release_block(actor=planner, block_id=made.pk, letter_no="S-2", on=date(2022, 8, 22), amount_rp=1_000_000)
    assert (recap_total().realised_rp, recap_total().parked_rp) == (9_000_000, 0)


def test_who_only_looks_writes_nothing_of_the_plan(db: None) -> None:
    auditor = people.add_user(actor=org.system_user(), username="auditor", password="", role="auditor")
    with pytest.raises(NotAllowed):
        services.state_policy(actor=auditor, fiscal_year=2022, code="K1", name="x")
    with pytest.raises(NotAllowed):
        services.state_theme(actor=auditor, name="PEN")
    with pytest.raises(NotAllowed):
        services.state_year(actor=auditor, fiscal_year=2022, legal_basis="x")
    with pytest.raises(NotAllowed):
        services.record_outcome(
            actor=auditor, indicator="tpt", year=2025, round_name="Agustus", value=Decimal(5), source="BPS"
        )
