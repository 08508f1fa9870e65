"""Read models: the recaps that dashboards, exports and the command line show. Owns no table and writes nothing."""
