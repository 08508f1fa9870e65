"""Figures of one import stand together, in the order of imports: a summary of pages finds them, without a tree."""

from typing import ClassVar

import django.contrib.postgres.indexes
from django.db import migrations


class Migration(migrations.Migration):
    """A lean index in place of a tree."""

    dependencies: ClassVar = [("budget", "0006_statements")]
    operations: ClassVar = [
        migrations.RemoveIndex(model_name="statementfigure", name="budget_figure_import"),
        migrations.AddIndex(
            model_name="statementfigure",
            index=django.contrib.postgres.indexes.BrinIndex(
                fields=["import_run"], name="budget_figure_import", autosummarize=True, pages_per_range=16
            ),
        ),
    ]
