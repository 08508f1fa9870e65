"""Reading meetings, who is invited, and who came."""

from dekon.coordination.selectors.meetings import (
    Wanted,
    material,
    materials,
    matter_of_meeting,
    meeting,
    meetings,
    series_names,
    session,
    years,
)

__all__ = [
    "Wanted",
    "material",
    "materials",
    "matter_of_meeting",
    "meeting",
    "meetings",
    "series_names",
    "session",
    "years",
]
