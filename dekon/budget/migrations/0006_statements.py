"""Which file states what as of which day; totals known by their source; what an import changed of older lines."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

ORIGINS = [("letter", "surat"), ("dataang", "dataAng"), ("fa-detail", "FA Detail")]

POSTINGS_BY_SOURCE = """
DROP TRIGGER budget_statementposting_has_entry_id ON budget_statementposting;
ALTER TABLE budget_statementposting ADD COLUMN source varchar(120);
UPDATE budget_statementposting t SET source = e.source FROM ledger_entry e WHERE e.id = t.entry_id;
ALTER TABLE budget_statementposting DROP COLUMN entry_id CASCADE;
ALTER TABLE budget_statementposting ADD CONSTRAINT budget_statementposting_pkey PRIMARY KEY (source);
"""

STATEMENTS_SO_FAR = """
INSERT INTO budget_statement (import_run_id, satker_id, fiscal_year, dated_on, origin, version_code, complete,
                              withdrawn_at)
SELECT f.import_run_id, p.satker_id, p.fiscal_year, max(f.period), 'fa-detail', '', false, max(f.withdrawn_at)
FROM budget_statementfigure f JOIN ledger_pos p ON p.id = f.pos_id GROUP BY 1, 2, 3;

INSERT INTO budget_statementfigure (import_run_id, pos_id, period, pagu_rp, blocked_rp, withdrawn_at)
SELECT r.import_run_id, i.pos_id, r.dated_on, sum(i.total_rp), sum(i.blocked_rp), max(r.withdrawn_at)
FROM budget_budgetitem i JOIN budget_diparevision r ON r.id = i.revision_id
WHERE r.import_run_id IS NOT NULL GROUP BY r.import_run_id, i.pos_id, r.dated_on;

INSERT INTO budget_statement (import_run_id, satker_id, fiscal_year, dated_on, origin, version_code, complete,
                              withdrawn_at)
SELECT r.import_run_id, d.satker_id, d.fiscal_year, r.dated_on, 'dataang', r.version_code, true, r.withdrawn_at
FROM budget_diparevision r JOIN budget_dipa d ON d.id = r.dipa_id
WHERE r.import_run_id IS NOT NULL AND r.kind <> 'pernyataan'
  AND EXISTS (SELECT 1 FROM budget_budgetitem i WHERE i.revision_id = r.id);

INSERT INTO budget_blockrelease (block_id, amount_rp, released_on, letter_no)
SELECT id, released_rp, coalesce(released_on, blocked_on), release_letter_no FROM budget_block b
WHERE released_rp > 0 AND NOT EXISTS (SELECT 1 FROM budget_blockrelease r WHERE r.block_id = b.id);
"""


class Migration(migrations.Migration):
    """Statements as facts of their own."""

    dependencies: ClassVar = [
        ("budget", "0005_payment_lines_in_order"),
        ("ledger", "0004_displaced_by_source"),
        ("org", "0001_initial"),
    ]
    operations: ClassVar = [
        migrations.CreateModel(
            name="Statement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fiscal_year", models.SmallIntegerField()),
                ("dated_on", models.DateField()),
                ("origin", models.CharField(choices=ORIGINS, max_length=12)),
                ("version_code", models.CharField(blank=True, help_text="KODE_STS_HISTORY", max_length=3)),
                ("complete", models.BooleanField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "import_run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="budget.importrun"
                    ),
                ),
                (
                    "satker",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.satker"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["satker", "fiscal_year", "dated_on"], name="budget_statement_day")],
                "constraints": [
                    models.UniqueConstraint(fields=("import_run", "satker"), name="budget_statement_once"),
                    models.CheckConstraint(
                        condition=models.Q(("origin__in", [code for code, _word in ORIGINS])),
                        name="budget_statement_origin_known",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="paymentline",
            name="unmatched_rp",
            field=models.BigIntegerField(
                db_default=0, help_text="of a correction: what found no line to correct yet"
            ),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(POSTINGS_BY_SOURCE)],
            state_operations=[
                migrations.RemoveField(model_name="statementposting", name="entry"),
                migrations.AddField(
                    model_name="statementposting",
                    name="source",
                    field=models.CharField(
                        default="", help_text="of its entry, or of what is parked", max_length=120, primary_key=True,
                        serialize=False,
                    ),
                    preserve_default=False,
                ),
            ],
        ),
        migrations.RunSQL(STATEMENTS_SO_FAR, migrations.RunSQL.noop),
    ]  # fmt: skip
