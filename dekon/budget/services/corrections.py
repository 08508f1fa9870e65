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

    Files come in any order: a correction whose origin is not in the book waits for it, counting as a payment meanwhile.

    Returns: a warning for each correction that found no origin yet.
    """
    concerned = PaymentLine.objects.filter(first_import=job.run, stage=LineStage.PAID)
    own = concerned.filter(spp_kind__in=CORRECTION_SPP)
    waiting = PaymentLine.objects.filter(unmatched_rp__gt=0, withdrawn_at__isnull=True).values("satker_id", "sp2d_no")
    numbers = set(own.values_list("satker_id", "sp2d_no").distinct())
    for satker_id, sp2d_no in waiting.values_list("satker_id", "sp2d_no").distinct():
        if concerned.filter(satker_id=satker_id, sp2d_no=sp2d_no).exists():
            numbers.add((satker_id, sp2d_no))
    findings = []
    for satker_id, sp2d_no in sorted(numbers):
        found = PaymentLine.objects.select_for_update(of=("self",))
        of_number = found.filter(satker_id=satker_id, sp2d_no=sp2d_no, stage=LineStage.PAID)
        lines = list(of_number.filter(withdrawn_at__isnull=True).order_by("id"))
        unmatched_rp = _settle(lines, job)
        if unmatched_rp:
            findings.append(Finding("warning", "correction-without-origin", {"sp2d": sp2d_no, "amount": unmatched_rp}))
    return findings


def _settle(lines: list[PaymentLine], job: Job) -> int:
    """Match the corrections of one SP2D with the lines they correct. Returns the rupiah that found no origin."""
    new = [line for line in lines if line.spp_kind in CORRECTION_SPP and line.first_import_id == job.run.pk]
    pending = [line for line in lines if line.unmatched_rp and line not in new]
    takes_back = [line for line in new if line.amount_rp < 0]
    brings = [line for line in new if line.amount_rp > 0]
    for line in takes_back:
        _mark(line, LineEffect.NEUTRAL, None)
    asking = [(line, line.unmatched_rp) for line in pending]
    asking += [(line, -line.amount_rp) for line in takes_back]
    asking += [] if takes_back else [(line, line.amount_rp) for line in brings]
    old = [
        line
        for line in lines
        if line.effect == LineEffect.SPENDING
        and line.amount_rp > 0
        and not line.unmatched_rp
        and not (line.spp_kind in CORRECTION_SPP and line.first_import_id == job.run.pk)
    ]
    moving = [line for line, _amount in asking if line.amount_rp > 0]
    if moving and len(moving) == len(asking) and sum(a for _, a in asking) == sum(line.amount_rp for line in old):
        for line in old:
            _mark(line, LineEffect.CORRECTED, job)
        _remember(asking, dict.fromkeys((line.pk for line, _ in asking), 0), job)
        return 0
    missing = {
        line.pk: _take(old, line.pos_id if line.amount_rp < 0 else None, amount_rp, job) for line, amount_rp in asking
    }
    _remember(asking, missing, job)
    return sum(missing.values())


def _remember(asking: list[tuple[PaymentLine, int]], missing: dict[int, int], job: Job) -> None:
    """Note on each correction how much of it found no origin."""
    for line, _amount in asking:
        if line.unmatched_rp != missing[line.pk]:
            line.settled_by = job.run if line.first_import_id != job.run.pk else None
            line.unmatched_rp = missing[line.pk]
            line.save(update_fields=["unmatched_rp", "settled_by"])


def _take(old: list[PaymentLine], pos_id: int | None, amount_rp: int, job: Job) -> int:
    """Take an amount out of old lines: an equal one first, else a larger one, else several; of the last the rest stays.

    Returns the amount where they do not have it, and takes nothing then.
    """
    usable = [line for line in old if pos_id in {None, line.pos_id}]
    if sum(line.amount_rp for line in usable) < amount_rp:
        return amount_rp
    usable.sort(key=lambda line: (line.amount_rp != amount_rp, line.amount_rp < amount_rp, line.amount_rp, line.pk))
    for origin in usable:
        share_rp = min(amount_rp, origin.amount_rp)
        if not share_rp:
            break
        old.remove(origin)
        _mark(origin, LineEffect.CORRECTED, job)
        if rest_rp := origin.amount_rp - share_rp:
            old.append(_keep_rest(origin, rest_rp, job))
        amount_rp -= share_rp
    return 0


def _mark(line: PaymentLine, effect: LineEffect, job: Job | None) -> None:
    line.effect_before = line.effect if job else ""
    line.effect, line.settled_by = effect, job.run if job else None
    line.save(update_fields=["effect", "effect_before", "settled_by"])


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
        cursor.execute("DROP TABLE IF EXISTS stage_corrected")
        cursor.execute(
            """CREATE TEMP TABLE stage_corrected ON COMMIT DROP AS
               SELECT 'line:' || id AS source FROM budget_paymentline WHERE settled_by_id = %s AND effect = 'corrected'
               AND first_import_id <> %s""",
            [job.run.pk, job.run.pk],
        )
        if cursor.rowcount:
            ledger.add_take_backs(table="stage_batch", sources="stage_corrected", prefix="corrected")
