"""Signing: one's own keys, what waits for one's signature, and the page of one place for a signature."""
