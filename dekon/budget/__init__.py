"""From policy to akun: what is planned, what the DIPA allows, what the Treasury says was paid, and what came out.

Owns the lists of codes, policies and themes, DIPA with revisions, the monthly plan (RPD) in versions, payment lines,
output
progress, imports of the Treasury's files and the cases in which figures differ. Money is entered through `ledger` only.
Never overwrites what was official: versions and statements are added.
"""
