"""What meetings bring about: decisions, issues raised by regions, minutes, reports."""
