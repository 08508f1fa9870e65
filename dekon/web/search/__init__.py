"""Finding a place, an output or a payment."""
