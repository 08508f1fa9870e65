"""The calendar file of an invitation, as RFC 5545 asks for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dekon.lib.icalendar import Event, calendar_of
from dekon.lib.periods import JAKARTA

EVENT = Event(
    "rapat-1@dekon", "Rakor; dekonsentrasi, 2022", datetime(2022, 3, 15, 8, tzinfo=JAKARTA),
    datetime(2022, 3, 15, 16, tzinfo=JAKARTA), datetime(2022, 3, 1, tzinfo=UTC), "Ruang Utama\nJakarta",
    "C:\\bahan", "https://dekon.example/u/1",
)  # fmt: skip


def unfolded(made: bytes) -> list[str]:
    assert made.endswith(b"\r\n")
    return made.decode().replace("\r\n ", "").split("\r\n")[:-1]


def test_moments_are_universal_and_texts_escaped() -> None:
    lines = unfolded(calendar_of(EVENT))
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    assert "DTSTART:20220315T010000Z" in lines
    assert "DTEND:20220315T090000Z" in lines
    assert "SUMMARY:Rakor\\; dekonsentrasi\\, 2022" in lines
    assert "LOCATION:Ruang Utama\\nJakarta" in lines
    assert "DESCRIPTION:C:\\\\bahan" in lines
    assert "STATUS:CONFIRMED" in lines


def test_a_cancelled_one_says_so() -> None:
    lines = unfolded(calendar_of(replace(EVENT, cancelled=True, sequence=2)))
    assert {"METHOD:CANCEL", "STATUS:CANCELLED", "SEQUENCE:2"} <= set(lines)


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        calendar_of(replace(EVENT, starts_at=datetime(2022, 3, 15)))  # noqa: DTZ001  what is refused


@given(st.text(max_size=300))
def test_no_text_breaks_out_of_its_line(text: str) -> None:
    made = calendar_of(replace(EVENT, title=text))
    assert all(len(line) <= 75 for line in made.split(b"\r\n"))
    assert [line.partition(":")[0] for line in unfolded(made)].count("BEGIN") == 2
    assert len(unfolded(made)) == len(unfolded(calendar_of(EVENT)))
