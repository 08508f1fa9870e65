"""One module for each thing outside of the database: so far the store of files."""
