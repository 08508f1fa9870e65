"""References of what statements said are proved once for each statement, as in the ledger."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

PARENTS = (
    ("budget_statementfigure", "pos_id", "ledger_pos"),
    ("budget_statementfigure", "import_run_id", "budget_importrun"),
    ("budget_statementposting", "pos_id", "ledger_pos"),
    ("budget_statementposting", "entry_id", "ledger_entry"),
)
REQUIRE = "".join(
    f"CREATE TRIGGER {table}_has_{column} AFTER INSERT ON {table} REFERENCING NEW TABLE AS added"
    f" FOR EACH STATEMENT EXECUTE FUNCTION dekon_require_parents('{column}', '{parent}');"
    for table, column, parent in PARENTS
)
KEEP = """
CREATE TRIGGER budget_importrun_kept BEFORE DELETE ON budget_importrun
FOR EACH ROW EXECUTE FUNCTION dekon_refuse_change();
"""
FORGET = "DROP TRIGGER budget_importrun_kept ON budget_importrun;" + "".join(
    f"DROP TRIGGER {table}_has_{column} ON {table};" for table, column, _parent in PARENTS
)


def reference(to: str) -> models.ForeignKey:  # type: ignore[type-arg]  # no concrete model here
    """A reference that the database proves by the statement."""
    return models.ForeignKey(
        db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=to
    )


class Migration(migrations.Migration):
    """Statement-level proofs in place of row-level foreign keys."""

    dependencies: ClassVar = [("budget", "0001_initial"), ("ledger", "0003_references_by_statement")]
    operations: ClassVar = [
        migrations.AlterField("statementfigure", "pos", reference("ledger.pos")),
        migrations.AlterField("statementfigure", "import_run", reference("budget.importrun")),
        migrations.AlterField("statementposting", "pos", reference("ledger.pos")),
        migrations.AlterField(
            "statementposting",
            "entry",
            models.OneToOneField(
                db_constraint=False, on_delete=django.db.models.deletion.PROTECT, primary_key=True,
                related_name="+", serialize=False, to="ledger.entry",
            ),
        ),
        migrations.RunSQL(REQUIRE + KEEP, FORGET),
    ]  # fmt: skip
