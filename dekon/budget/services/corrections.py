"""Corrections (SPP 515/516): the SP2D number stays, the account moves. The old line is reversed, the new one posted."""

from __future__ import annotations

from django.db import connection

from dekon.budget.choices import CORRECTION_SPP, LineEffect, LineStage
from dekon.budget.models import PaymentLine
from dekon.budget.services.outcome import Job
from dekon.ledger import services as ledger
from dekon.lib.findings import Finding


def apply(job: Job) -> list[Finding]:
    """Decide for every corrected SP2D of an import which old lines stop counting, and what remains of them.

    Returns: a warning for each correction whose origin is not in the book (it counts as a payment then).
    """
    moved = PaymentLine.objects.filter(first_import=job.run, spp_kind__in=CORRECTION_SPP, stage=LineStage.PAID)
    numbers = list(moved.order_by("sp2d_no").values_list("satker_id", "sp2d_no").distinct())
    findings = []
    for satker_id, sp2d_no in numbers:
        lines = list(
            PaymentLine.objects.filter(
                satker_id=satker_id, sp2d_no=sp2d_no, stage=LineStage.PAID, withdrawn_at__isnull=True
            ).order_by("id")
        )
        unmatched_rp = _settle(lines, job)
        if unmatched_rp:
            findings.append(Finding("warning", "correction-without-origin", {"sp2d": sp2d_no, "amount": unmatched_rp}))
    return findings


def _settle(lines: list[PaymentLine], job: Job) -> int:
    """Match the corrections of one SP2D with its old lines. Returns the rupiah that found no origin."""
    new = [line for line in lines if line.spp_kind in CORRECTION_SPP and line.first_import_id == job.run.pk]
    old = [
        line
        for line in lines
        if line.spp_kind not in CORRECTION_SPP and line.effect in {LineEffect.SPENDING, LineEffect.REMAINDER}
    ]
    takes_back = [line for line in new if line.amount_rp < 0]
    brings = [line for line in new if line.amount_rp > 0]
    for line in takes_back:
        _mark(line, LineEffect.NEUTRAL)
    if takes_back:
        wanted = [(line.pos_id, -line.amount_rp) for line in takes_back]
    elif sum(line.amount_rp for line in brings) == sum(line.amount_rp for line in old):
        wanted = [(line.pos_id, line.amount_rp) for line in old]
    else:
        wanted = [(None, line.amount_rp) for line in brings]
    return sum(_take(old, pos_id, amount_rp, job) for pos_id, amount_rp in wanted)


def _take(old: list[PaymentLine], pos_id: int | None, amount_rp: int, job: Job) -> int:
    """Take an amount out of an old line: an equal one first, else a larger one of which the rest stays."""
    usable = [line for line in old if pos_id in {None, line.pos_id} and line.amount_rp >= amount_rp]
    if not usable:
        return amount_rp
    origin = min(usable, key=lambda line: (line.amount_rp != amount_rp, line.amount_rp, line.pk))
    old.remove(origin)
    origin.settled_by, origin.effect_before = job.run, origin.effect
    _mark(origin, LineEffect.CORRECTED)
    if rest_rp := origin.amount_rp - amount_rp:
        old.append(_keep_rest(origin, rest_rp, job))
    return 0


def _mark(line: PaymentLine, effect: LineEffect) -> None:
    line.effect = effect
    line.save(update_fields=["effect", "settled_by", "effect_before"])


def _keep_rest(origin: PaymentLine, rest_rp: int, job: Job) -> PaymentLine:
    """What remains of a line of which only a part was corrected."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT md5(%s || ':rest:' || %s)::uuid", [str(origin.identity), str(rest_rp)])
        identity = cursor.fetchone()[0]
    fields = (
        "fiscal_year",
        "satker_id",
        "pos_id",
        "spp_kind",
        "spp_kind_name",
        "spp_no",
        "spm_no",
        "sp2d_no",
        "sp2d_on",
        "description",
        "coa",
        "akun",
        "item",
        "status",
    )
    return PaymentLine.objects.create(
        identity=identity, stage=LineStage.PAID, effect=LineEffect.SPENDING, amount_rp=rest_rp, first_import=job.run,
        **{name: getattr(origin, name) for name in fields},
    )  # fmt: skip


def add_reversals(job: Job) -> None:
    """Add to `stage_batch` a reversal for every entry whose line is corrected now; parked ones are withdrawn."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT k.source FROM ledger_parked k JOIN budget_paymentline l ON k.source = 'line:' || l.id
                  OR k.source LIKE 'line:' || l.id || '~%%'
               WHERE k.state = 'open' AND l.effect = 'corrected' AND l.withdrawn_at IS NULL AND l.sp2d_no IN (
                   SELECT sp2d_no FROM budget_paymentline WHERE first_import_id = %s AND spp_kind = ANY(%s))""",
            [job.run.pk, list(CORRECTION_SPP)],
        )
        ledger.withdraw_parked(sources=[row[0] for row in cursor.fetchall()])
        cursor.execute(
            """INSERT INTO stage_batch (pos_id, kind, amount_rp, effective_on, source, reverses_id, reversed_kind)
               SELECT e.pos_id, 'reverse', e.amount_rp, e.effective_on, 'corrected:' || e.id, e.id, e.kind
               FROM budget_paymentline l JOIN ledger_entry e
                 ON e.source = 'line:' || l.id OR e.source LIKE 'line:' || l.id || '~%%'
               WHERE l.effect = 'corrected' AND l.withdrawn_at IS NULL AND e.kind = 'realise'
                 AND NOT EXISTS (SELECT 1 FROM ledger_entry r WHERE r.reverses_id = e.id)
                 AND l.sp2d_no IN (SELECT sp2d_no FROM budget_paymentline WHERE first_import_id = %s AND spp_kind =
                     ANY(%s))""",
            [job.run.pk, list(CORRECTION_SPP)],
        )
