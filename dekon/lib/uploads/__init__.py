"""Files that people hand in as letters and evidence: typed by content, within limits, under a clean name.

`inspect` says everything that is wrong at once; `refuse` turns it into the problems of a form's field. Nothing here
stores, renders or runs a file.
"""

from dekon.lib.uploads.inspecting import EVIDENCE, IMAGES, LETTER, Inspected, Kind, Policy, inspect, refuse
from dekon.lib.uploads.names import clean_name

__all__ = ["EVIDENCE", "IMAGES", "LETTER", "Inspected", "Kind", "Policy", "clean_name", "inspect", "refuse"]
