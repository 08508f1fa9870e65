"""Tests of meetings and commitments."""
