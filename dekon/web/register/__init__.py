"""The register of documents: its list, one document, what the register says of it, declaring it void."""
