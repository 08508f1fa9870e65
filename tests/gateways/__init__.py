"""Things outside of the database."""
