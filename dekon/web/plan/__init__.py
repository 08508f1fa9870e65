"""Why the money is there: policies, themes, DIPA, blocks."""
