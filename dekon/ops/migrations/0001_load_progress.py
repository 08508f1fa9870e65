"""The progress of loading a demo year."""

from typing import ClassVar

import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds the table of progress."""

    initial = True
    dependencies: ClassVar = []
    operations: ClassVar = [
        migrations.CreateModel(
            name="LoadProgress",
            fields=[
                ("year", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("scale", models.IntegerField(default=1)),
                ("seed", models.BigIntegerField()),
                ("step", models.CharField(blank=True, help_text="what is being done now", max_length=160)),
                ("done", models.IntegerField(default=0)),
                ("total", models.IntegerField()),
                ("started_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("finished_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("done__gte", 0), ("done__lte", models.F("total"))),
                        name="ops_loadprogress_done_within_total",
                    )
                ]
            },
        ),
    ]
