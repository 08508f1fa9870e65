"""Domain-free tools: money and dates as people write them, working days, tables in and out, charts, hashes.

No Django.
"""
