"""Tests of the scores from the books."""
