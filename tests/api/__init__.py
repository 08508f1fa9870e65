"""The API: access, parsing, envelope, and that it says what the services say."""
