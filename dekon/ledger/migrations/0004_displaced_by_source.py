"""What became of a payment that had to make way is found by the source it came with (`line:7` in `line:7~12`)."""

from typing import ClassVar

from django.db import migrations

INDEX = """
CREATE INDEX ledger_entry_displaced ON ledger_entry (split_part(source, '~', 1)) WHERE source LIKE '%~%';
"""


class Migration(migrations.Migration):
    """A small index: only over what was displaced."""

    dependencies: ClassVar = [("ledger", "0003_references_by_statement")]
    operations: ClassVar = [migrations.RunSQL(INDEX, "DROP INDEX ledger_entry_displaced")]
