"""Files attached to things: their list, bringing one, and handing one out."""
