"""Records for the score of execution: contracts, bills, advances, dispensations, output reports, targets of RO."""
