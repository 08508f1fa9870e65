"""A person's own account, and the accounts of an office or of all."""
