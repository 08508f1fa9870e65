"""What the rows of every table said before they were changed, so that any page can be asked for as at a past moment.

Owns the rows before each change, the moments at which transactions began and ended, and the views of the schema
`moment`, which read like the tables did (docs/adr/0009). Knows no table by name; never changes one.
"""
