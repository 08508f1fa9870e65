"""One module a command.

`add_arguments(parser)` and `run(args) -> int` (0 done, 1 refused or findings, 2 wrong usage).
"""
