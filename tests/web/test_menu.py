"""The main menu: what it offers to whom, under which word, and where one is."""

from __future__ import annotations

from collections import Counter

from dekon.org.choices import Action
from dekon.web.menu import OFFERED, menu
from dekon.web.urls import urlpatterns


def test_no_two_addresses_have_one_name() -> None:
    names = Counter(one.name for one in urlpatterns if hasattr(one, "name"))
    assert [name for name, count in names.items() if count > 1] == []


def test_who_may_open_all_sees_every_group_with_its_entries() -> None:
    groups = list(menu("/", lambda _action: True))
    assert [len(group.areas) for group in groups] == [len(entries) for _, entries in OFFERED]


def test_a_group_of_one_open_entry_is_that_entry() -> None:
    groups = list(menu("/", lambda action: action is Action.EDIT_REFERENCE))
    alone = next(group for group in groups if any(area.href == "/rujukan/" for area in group.areas))
    assert alone.words == alone.areas[0].words == "Data rujukan"


def test_the_page_below_an_entry_marks_entry_and_group() -> None:
    current = [group for group in menu("/tema/", lambda _action: True) if group.current]
    assert [group.words for group in current] == ["Anggaran"]
    assert [area.words for area in current[0].areas if area.current] == ["Rencana"]


def test_the_start_page_marks_nothing_else() -> None:
    assert [group.words for group in menu("/", lambda _action: True) if group.current] == ["Beranda"]
