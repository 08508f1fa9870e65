"""What files state as blocked, put into the book: raised and lowered as they say, on the day of each statement.

FA Detail states what is locked for a revision; dataAng states all other blocks of a position, those by letter included.
So dataAng adds what letters on record do not explain, and what it no longer states is released; a block by letter is
released by letter alone. Few positions are blocked, hence one at a time.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db import connection
from django.db.models import F
from django.utils import timezone

from dekon.budget.choices import BlockKind, BlockOrigin
from dekon.budget.models import Block, BlockRelease

KINDS = {BlockOrigin.DATAANG: BlockKind.OTHER, BlockOrigin.FA_DETAIL: BlockKind.REVISION_LOCK}
"""What files state as blocked, and of which kind it is."""

type Steps = Counter[date]
"""By how much the blocked amount changes on a day, rupiah."""


@dataclass(slots=True)
class Record:
    """What is known of one position: statements by origin, blocks on record with their releases, and the book."""

    stated: dict[str, list[tuple[date, int]]] = field(default_factory=lambda: defaultdict(list))
    blocks: list[Block] = field(default_factory=list)
    releases: list[BlockRelease] = field(default_factory=list)
    pagu: Steps = field(default_factory=Counter)
    posted: Steps = field(default_factory=Counter)


def settle(*, prefix: str, import_id: int | None) -> None:
    """Add to `stage_batch` what makes the touched positions blocked as files and letters state.

    Args:
        prefix: of the sources of what is posted.
        import_id: the import on whose occasion this happens; None where a letter is.
    """
    records = _records()
    _read_book(records)
    entries = []
    for pos_id, record in records.items():
        wanted = _by_letter(record, (BlockOrigin.LETTER, *KINDS))
        for origin, steps in _wanted(record).items():
            wanted.update(steps)
            _keep(pos_id, record, origin, steps, import_id)
        for day in sorted({*wanted, *record.posted}):
            change = wanted[day] - record.posted[day]
            if change:
                kind = "block" if change > 0 else "unblock"
                entries.append((pos_id, kind, abs(change), day, f"{prefix}:blocked:{pos_id}:{day}"))
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO stage_batch (pos_id, kind, amount_rp, effective_on, source) VALUES (%s, %s, %s, %s, %s)",
            entries,
        )


def _records() -> dict[int, Record]:
    """Everything on record about the touched positions that are or were blocked."""
    records: dict[int, Record] = defaultdict(Record)
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT c.pos_id FROM stage_touched c WHERE EXISTS (
                   SELECT 1 FROM budget_block b WHERE b.pos_id = c.pos_id)
               OR EXISTS (SELECT 1 FROM budget_statementfigure f WHERE f.pos_id = c.pos_id AND f.blocked_rp <> 0)"""
        )
        pos_ids = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            """SELECT DISTINCT ON (p.id, t.origin, t.dated_on) p.id, t.origin, t.dated_on, coalesce(f.blocked_rp, 0)
               FROM ledger_pos p
               JOIN stage_statements t ON t.satker_id = p.satker_id AND t.fiscal_year = p.fiscal_year
               LEFT JOIN budget_statementfigure f ON f.pos_id = p.id AND f.import_run_id = t.import_run_id
               WHERE p.id = ANY(%s) AND (t.complete OR f.pos_id IS NOT NULL)
               ORDER BY p.id, t.origin, t.dated_on, t.place DESC""",
            [pos_ids],
        )
        for pos_id, origin, day, stated_rp in cursor.fetchall():
            records[pos_id].stated[origin].append((day, int(stated_rp)))
    for block in Block.objects.filter(pos_id__in=pos_ids, withdrawn_at__isnull=True).order_by("blocked_on", "id"):
        records[block.pos_id].blocks.append(block)
    for release in BlockRelease.objects.filter(
        block__pos_id__in=pos_ids, block__withdrawn_at__isnull=True, withdrawn_at__isnull=True
    ).select_related("block"):
        records[release.block.pos_id].releases.append(release)
    return records


def _read_book(records: dict[int, Record]) -> None:
    """What the book says of pagu and blocks of the positions, with what is about to be posted."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT pos_id, effective_on, pagu_rp, blocked_rp FROM ledger_dailysum WHERE pos_id = ANY(%(ids)s)
               UNION ALL
               SELECT b.pos_id, b.effective_on, f.pagu, f.blocked
               FROM stage_batch b, LATERAL ledger_effects(b.kind, b.reversed_kind, b.amount_rp) f
               WHERE b.pos_id = ANY(%(ids)s)""",
            {"ids": list(records)},
        )
        for pos_id, day, pagu_rp, blocked_rp in cursor.fetchall():
            records[pos_id].pagu[day] += int(pagu_rp)
            records[pos_id].posted[day] += int(blocked_rp)


def _by_letter(record: Record, origins: Iterable[str]) -> Steps:
    """What letters blocked, and what letters released of what letters or files had blocked."""
    steps: Steps = Counter()
    for block in record.blocks:
        if block.origin == BlockOrigin.LETTER and block.origin in origins:
            steps[block.blocked_on] += block.amount_rp
    for release in record.releases:
        if _is_letter(release) and release.block.origin in origins:
            steps[release.released_on] -= release.amount_rp
    return steps


def _wanted(record: Record) -> dict[str, Steps]:
    """By how much the statements of each origin move what is blocked, day by day; never more than the pagu of a day.

    A lock ends when the revision that it waited for takes the pagu away, even before a newer FA Detail says so.
    """
    letters = _by_letter(record, [BlockOrigin.LETTER])
    lifted = {origin: _by_letter(record, [origin]) for origin in KINDS}
    stated = {origin: dict(record.stated.get(origin, [])) for origin in KINDS}
    days = {*letters, *record.pagu, *(day for by_day in (*lifted.values(), *stated.values()) for day in by_day)}
    steps: dict[str, Steps] = {origin: Counter() for origin in KINDS}
    held, level = Counter[str](), Counter[str]()
    pagu_rp = letters_rp = 0
    for day in sorted(days):
        pagu_rp += record.pagu[day]
        letters_rp += letters[day]
        room_rp = max(0, pagu_rp - letters_rp)
        for origin in KINDS:
            held[origin] = max(0, held[origin] + lifted[origin][day])
            if day in stated[origin]:
                explained_rp = letters_rp if origin == BlockOrigin.DATAANG else 0
                held[origin] = max(0, stated[origin][day] - explained_rp)
            now = min(held[origin], room_rp)
            steps[origin][day] += now - level[origin] - lifted[origin][day]
            level[origin] = now
            room_rp -= now
    return {
        origin: Counter({day: change for day, change in by_day.items() if change}) for origin, by_day in steps.items()
    }


def _is_letter(release: BlockRelease) -> bool:
    """Whether a letter released it; else a file states less."""
    return bool(release.letter_no)


def _keep(pos_id: int, record: Record, origin: str, wanted: Steps, import_id: int | None) -> None:
    """Keep the blocks on record in step: what comes last is added; where the past changed they are written anew."""
    mine = [block for block in record.blocks if block.origin == origin]
    lifted = [r for r in record.releases if r.block.origin == origin]
    kept: Steps = Counter()
    for block in mine:
        kept[block.blocked_on] += block.amount_rp
    for release in lifted:
        if not _is_letter(release):
            kept[release.released_on] -= release.amount_rp
    changed = {day: wanted[day] - kept[day] for day in {*wanted, *kept} if wanted[day] != kept[day]}
    if not changed:
        return
    newest = max([*kept, *(r.released_on for r in lifted)], default=date.min)
    if min(changed) >= newest:
        for day in sorted(changed):
            _step(pos_id, origin, day, changed[day], import_id)
        return
    _write_anew(pos_id, origin, mine, lifted, wanted, import_id)


def _write_anew(  # noqa: PLR0917  one origin of one position
    pos_id: int, origin: str, mine: Iterable[Block], lifted: list[BlockRelease], wanted: Steps, import_id: int | None
) -> None:
    """Withdraw the blocks of an origin and write down what is wanted; letters that released some stay with them."""
    Block.objects.filter(pk__in=[block.pk for block in mine]).update(withdrawn_at=timezone.now())
    BlockRelease.objects.filter(pk__in=[r.pk for r in lifted]).update(withdrawn_at=timezone.now())
    letters = [r for r in lifted if _is_letter(r)]
    for day in sorted({*wanted, *(r.released_on for r in letters)}):
        for letter in letters:
            if letter.released_on == day:
                _release(pos_id, origin, letter.amount_rp, day, None, letter)
        if wanted[day]:
            _step(pos_id, origin, day, wanted[day], import_id)


def _step(pos_id: int, origin: str, day: date, change: int, import_id: int | None) -> None:
    if change < 0:
        _release(pos_id, origin, -change, day, import_id, None)
        return
    Block.objects.create(
        pos_id=pos_id, kind=KINDS[BlockOrigin(origin)], origin=origin, amount_rp=change, blocked_on=day,
        import_run_id=import_id,
    )  # fmt: skip


def _release(  # noqa: PLR0917  one release
    pos_id: int, origin: str, amount_rp: int, day: date, import_id: int | None, letter: BlockRelease | None
) -> None:
    """Release an amount of what files have blocked, the oldest first."""
    held = Block.objects.filter(
        pos_id=pos_id, origin=origin, withdrawn_at__isnull=True, amount_rp__gt=F("released_rp")
    ).order_by("blocked_on", "id")
    for block in held:
        share = min(amount_rp, block.left_rp)
        if not share:
            break
        BlockRelease.objects.create(
            block=block, amount_rp=share, released_on=day, import_run_id=import_id,
            letter_no=letter.letter_no if letter else "", letter_on=letter.letter_on if letter else None,
        )  # fmt: skip
        block.released_rp += share
        block.released_on = day
        block.release_letter_no = letter.letter_no if letter else ""
        block.save(update_fields=["released_rp", "released_on", "release_letter_no"])
        amount_rp -= share
