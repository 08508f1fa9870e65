"""The promise board."""
