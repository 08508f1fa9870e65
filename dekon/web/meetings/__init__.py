"""Meetings: the list, one meeting with its agenda, who is invited, and who came."""
