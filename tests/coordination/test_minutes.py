"""Minutes written by several at once: nobody's text is lost, clashes wait for people, approved minutes stay."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction
from django.db.models import ProtectedError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dekon.coordination import selectors, services
from dekon.coordination.choices import MeetingState, TextKind
from dekon.coordination.models import Meeting, MinutesBlock, MinutesText
from dekon.errors import Conflict, NotAllowed, RuleBroken, Unfit
from dekon.org.models import User
from tests.builders.meetings import BEGINS, ENDS, rakor, somebody
from tests.builders.refusals import refused

pytestmark = pytest.mark.django_db
BASE = "Dana adalah uang rakyat. Semua dipertanggungjawabkan."


def running(actor: User) -> Meeting:
    meeting, _session = rakor(actor)
    services.move_meeting(actor=actor, meeting_id=meeting.pk, to=MeetingState.RUNNING, at=BEGINS)
    return meeting


@pytest.fixture
def writers() -> tuple[User, User]:
    return somebody("perencana", "perencana"), somebody("pembina", "pembina")


@pytest.fixture
def block(writers: tuple[User, User]) -> MinutesBlock:
    made = services.add_block(actor=writers[0], meeting_id=running(writers[0]).pk, heading="Pembukaan")
    services.save_text(actor=writers[0], block_id=made.pk, base=0, text=BASE, at=BEGINS)
    return selectors.paragraph(made.pk).block


def save(actor: User, block: MinutesBlock, base: int, text: str, *settles: int) -> TextKind | None:
    return services.save_text(
        actor=actor, block_id=block.pk, base=base, text=text, at=BEGINS, settles=settles
    ).kind  # fmt: skip


def test_on_the_newest_version_a_text_counts_at_once(writers: tuple[User, User], block: MinutesBlock) -> None:
    assert save(writers[1], block, 1, f"{BASE} Selesai.") is TextKind.SAVED
    assert selectors.paragraph(block.pk).text == f"{BASE} Selesai."
    assert save(writers[1], block, 2, f"{BASE} Selesai.") is None, "nothing new is no version"


def test_on_an_older_version_it_is_merged_and_stands_in_the_history(
    writers: tuple[User, User], block: MinutesBlock
) -> None:
    mine = BASE.replace("Dana", "Dana dekonsentrasi")
    save(writers[0], block, 1, BASE.replace("Semua", "Semuanya"))
    assert save(writers[1], block, 1, mine) is TextKind.MERGED
    found = selectors.paragraph(block.pk)
    assert found.text == "Dana dekonsentrasi adalah uang rakyat. Semuanya dipertanggungjawabkan."
    assert not found.aside
    assert mine in [one.text for one in selectors.texts(block.pk)]


def test_what_clashes_is_kept_aside_until_somebody_chooses(writers: tuple[User, User], block: MinutesBlock) -> None:
    one, two = writers
    save(one, block, 1, BASE.replace("rakyat", "negara"))
    mine = BASE.replace("rakyat", "publik")
    assert save(two, block, 1, mine) is TextKind.ASIDE
    assert save(two, block, 1, mine) is None, "sent again by the page it is not kept twice"
    found = selectors.paragraph(block.pk)
    assert "negara" in found.text
    assert [aside.text for aside in found.aside] == [mine]
    with refused(RuleBroken, "minutes-unsettled"):
        finish(one, block)
    chosen = BASE.replace("rakyat", "negara dan publik")
    assert save(two, block, found.block.version, chosen, found.aside[0].number) is TextKind.SAVED
    found = selectors.paragraph(block.pk)
    assert (found.text, found.aside) == (chosen, ())
    assert mine in [one.text for one in selectors.texts(block.pk)]


def finish(actor: User, block: MinutesBlock) -> None:
    if Meeting.objects.get(pk=block.meeting_id).state == MeetingState.RUNNING:
        services.move_meeting(actor=actor, meeting_id=block.meeting_id, to=MeetingState.FINISHED, at=ENDS)
    services.close_minutes(actor=actor, meeting_id=block.meeting_id, at=ENDS)


def test_approved_minutes_take_no_more_text(writers: tuple[User, User], block: MinutesBlock) -> None:
    finish(writers[0], block)
    with refused(Conflict, "minutes-closed"):
        save(writers[0], block, 1, "lain")
    with refused(Conflict, "minutes-closed"):
        services.add_block(actor=writers[0], meeting_id=block.meeting_id, heading="Tambahan")
    with refused(Conflict, "minutes-closed"):
        services.close_minutes(actor=writers[0], meeting_id=block.meeting_id, at=ENDS)
    with pytest.raises(DatabaseError, match="closed"), transaction.atomic():
        MinutesText.objects.create(block=block, number=9, base=0, kind="disimpan", text="x", by=writers[0], at=ENDS)


def test_empty_minutes_are_not_approved(writers: tuple[User, User]) -> None:
    meeting = running(writers[0])
    services.move_meeting(actor=writers[0], meeting_id=meeting.pk, to=MeetingState.FINISHED, at=ENDS)
    with refused(RuleBroken, "minutes-empty"):
        services.close_minutes(actor=writers[0], meeting_id=meeting.pk, at=ENDS)


def test_a_province_writes_no_minutes(block: MinutesBlock) -> None:
    with pytest.raises(NotAllowed):
        save(somebody("operator-32", "operator", province="32"), block, 1, "x")


def test_a_version_that_never_was_and_a_text_without_end_are_refused(
    writers: tuple[User, User], block: MinutesBlock
) -> None:
    for base in (-1, 2, 99):
        with refused(Conflict, "minutes-base-unknown"):
            save(writers[0], block, base, "x")
    with pytest.raises(Unfit):
        save(writers[0], block, 1, "x" * 20_001)


def test_no_text_is_changed_or_removed(block: MinutesBlock) -> None:
    for change in (
        lambda: MinutesText.objects.update(text="lain"),
        lambda: MinutesText.objects.all().delete(),
        lambda: MinutesBlock.objects.update(heading="lain"),
    ):
        with pytest.raises((DatabaseError, ProtectedError)), transaction.atomic():
            change()


STEP = st.tuples(
    st.sampled_from([0, 1]), st.integers(0, 4), st.lists(st.sampled_from("abcd\n"), max_size=6).map(" ".join)
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(st.lists(STEP, min_size=1, max_size=7))
def test_whatever_several_people_save_no_text_is_ever_lost(
    writers: tuple[User, User], block: MinutesBlock, steps: list[tuple[int, int, str]]
) -> None:
    """Writers save on any version that there is; each text stands in the history, and what counts or waits holds it."""
    with transaction.atomic():
        for who, back, text in steps:
            newest = selectors.paragraph(block.pk).block.version
            known = sorted(one.number for one in selectors.texts(block.pk) if one.number <= newest)
            base = ([0, *known])[max(-1 - back, -1 - len(known))]
            save(writers[who], block, base, text)
            history = [one.text for one in selectors.texts(block.pk)]
            assert text in history or text in {"", BASE}
            found = selectors.paragraph(block.pk)
            seen = " ".join([found.text, *(one.text for one in found.aside)])
            before = next((one.text for one in selectors.texts(block.pk) if one.number == base), "")
            if base < found.block.version:
                assert set(text.split()) - set(before.split()) <= set(seen.split())
        transaction.set_rollback(True)
