"""Payment lines of a year in the order in which they are listed: the first line of three million comes at once."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """One index."""

    dependencies: ClassVar = [("budget", "0004_imports_in_background")]
    operations: ClassVar = [
        migrations.AddIndex(
            model_name="paymentline",
            index=models.Index(fields=["fiscal_year", "sp2d_on", "sp2d_no", "id"], name="budget_line_in_order"),
        ),
    ]
