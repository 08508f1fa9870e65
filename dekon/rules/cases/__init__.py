"""Worked cases: a list of inputs that a jurist can read, dispatched to the formulas by their `indicator`.

`reading` turns the text into cases, one broken case never taking the others along; `inputs` hands out values of the
right type or a named error; the other modules know the shapes of inputs by subject; `run` puts results beside what was
expected.
"""
