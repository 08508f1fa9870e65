"""Checking a document: for everybody, without signing in."""
