"""Alerts of the early warning: the list, one with its history, what people do about it; year-end forecasts."""
