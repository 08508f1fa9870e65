"""Meetings and the joint commitment: who met, what was decided, who pledged what, and with which signature.

Owns the series of meetings with participants, attendance, minutes, decisions and issues raised by the regions, and the
joint commitment of a year with its statements, signatories and signing. What was decided, raised or pledged is never
deleted: it is answered, done, refused, replaced or withdrawn, and each of these is kept. Signs nothing itself: that is
what `documents` is for.
"""
