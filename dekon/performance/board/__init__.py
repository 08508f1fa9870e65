"""The promise board (*Pemenuhan Komitmen*): provinces × the three promises of the joint commitment, all year long.

A promise is measured by sources (`registry`). A source that somebody brings later is registered there; neither the
board nor its pages change. A source without data says in words what is missing, and counts for nothing.
"""
