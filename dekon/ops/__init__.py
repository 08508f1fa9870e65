"""Running Dekon: the embedded database, `make run`, worker and scheduler, the command line, the demo year, benchmarks.

Owns the runs of scheduled work, the heartbeat of workers and the progress of loading. May use every app; used by none.
Never holds a rule of the law.
"""
