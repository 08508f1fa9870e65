"""The joint commitment of a year: its wording, who signs, and the board for the hall."""
