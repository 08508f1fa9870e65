"""Files of the Treasury in: which kind a file is, its rows with their places, everything wrong with it at once.

Readers turn a workbook, CSV or JSON file into typed rows and findings; they know the traps of each print and keep every
checksum of the file to the rupiah. They never touch the database and never decide what a row means for the ledger.
"""
