"""The trail: who did or read what, sought by person, thing, time and action; and the last steps of one thing."""
