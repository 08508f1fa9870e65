"""Loads the demo year: writes its files, brings them through the same importers as a user's, adds what has no file."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, datetime, time
from functools import partial
from pathlib import Path as FilePath

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from dekon.budget import services as budget
from dekon.budget.choices import ImportStatus
from dekon.budget.models import Block as LetterBlock
from dekon.budget.models import Kegiatan, Kro, Ro
from dekon.budget.models import Reservation as Contract
from dekon.errors import RuleBroken
from dekon.ledger.models import Pos
from dekon.lib.findings import Finding
from dekon.ops.demo import results
from dekon.ops.demo.files import DemoFile, demo_files
from dekon.ops.demo.officials import tenures
from dekon.ops.demo.people import PASSWORD, cast
from dekon.ops.demo.shapes import Block, DemoYear, Output, Path, Reservation
from dekon.ops.demo.story import DIPA_LEGAL_BASIS, LEGAL_BASIS, NOTE, POLICIES, THEMES
from dekon.ops.demo.timeline import Event, Report, only_one_load, play, progress_of_load
from dekon.ops.demo.year import SEED, build_year
from dekon.ops.models import LoadProgress
from dekon.org import selectors as org_selectors
from dekon.org import services as org
from dekon.org.models import User

PLANNER = "perencana"
FIRST, FILE, DOCUMENT, CHANGE = 1, 2, 3, 4
"""Ranks of what happens on one day: people and policies, files, documents of the year, blocks and reservations."""


def load_demo(report: Report, *, year: int = 2022, scale: int = 1, seed: int = SEED) -> LoadProgress:
    """The whole demo year in the database. A load that was killed goes on; a finished one is left as it is.

    Args:
        report: told what is being done.
        scale: each payment line becomes so many with the same total.

    Raises:
        RuleBroken: `demo-in-production`, `demo-other-year`, `demo-file-refused`.
        Conflict: `demo-loading-already`.
    """
    if settings.MODE == "production":
        raise RuleBroken("demo-in-production")
    with only_one_load(year):
        done = LoadProgress.objects.filter(year=year, seed=seed, scale=scale, finished_at__isnull=False).first()
        if done:
            return done
        folder = FilePath(settings.HOME) / "demo" / f"{year}-{seed}-{scale}"
        events = list(events_of(build_year(year, seed), folder, scale))
        progress = progress_of_load(year=year, seed=seed, scale=scale, total=len(events))
        play(events, progress, report)
        shutil.rmtree(folder, ignore_errors=True)
    return progress


def events_of(demo: DemoYear, folder: FilePath, scale: int) -> Iterator[Event]:
    """Everything that happens, each event with its day."""
    first = date(demo.year, 1, 3)
    yield Event(first, FIRST, "Pengguna peragaan", add_people)
    yield Event(first, FIRST, f"Kebijakan, sasaran, dan tema {demo.year}", partial(add_story, demo.year))
    for file in demo_files(demo, code_names(), scale):
        yield Event(file.on, FILE, file.name, partial(bring, file, folder, demo.year))
    yield Event(first, DOCUMENT, "Pejabat satker menurut SK Gubernur", partial(add_officials, demo))
    yield Event(first, DOCUMENT, "Nomor DIPA dan nama rincian output", partial(add_documents, demo))
    yield Event(results.DAY, CHANGE, "Hasil rapat koordinasi", results.hold)
    yield Event(date(demo.year, 6, 15), CHANGE, "Tindak lanjut rapat koordinasi", results.follow)
    for block in demo.blocks:
        yield Event(block.on, CHANGE, f"Blokir {block.satker}", partial(set_block, block, demo.year))
        if block.released_on:
            yield Event(
                block.released_on,
                CHANGE,
                f"Buka blokir {block.satker}",
                partial(lift_block, block, demo.year),
            )
    for one in demo.reservations:
        yield Event(one.on, CHANGE, f"Cadangan {one.document}", partial(reserve, one, demo.year))
        if one.released_on:
            yield Event(one.released_on, CHANGE, f"Cadangan {one.document} dilepas", partial(release, one, demo.year))


def code_names() -> dict[str, str]:
    """Names of kegiatan and KRO by code, for the printed reports."""
    names = dict(Kegiatan.objects.values_list("code", "name"))
    return names | dict(Kro.objects.values_list("code", "name"))


def planner() -> User:
    """Who brings the files."""
    return User.objects.get(username=PLANNER)


def add_people() -> None:
    """The cast, with one password that is hashed once."""
    system = org_selectors.system_user()
    known = set(User.objects.values_list("username", flat=True))
    for person in cast():
        if person.login not in known:
            org.add_user(
                actor=system, username=person.login, password="", role=person.role, display_name=person.name,
                province=person.province, unit=person.unit, is_demo=True,
            )  # fmt: skip
    User.objects.filter(is_demo=True).update(password=make_password(PASSWORD))


def add_officials(demo: DemoYear) -> None:
    """The offices of every satker, with their decrees."""
    system = org_selectors.system_user()
    for one in tenures(demo.satker, demo.year):
        org.assign(
            actor=system,
            stated=org.StatedAssignment(
                username=one.login, role=one.office, satker=one.satker, valid_from=one.first, valid_to=one.last,
                decree=org.Decree(one.decree, one.decree_on), standing=one.standing, for_username=one.instead_of,
            ),
        )  # fmt: skip


def add_story(year: int) -> None:
    """Legal basis and label of the year, its policies with targets, its themes."""
    actor = planner()
    budget.state_year(actor=actor, fiscal_year=year, legal_basis=LEGAL_BASIS, note=NOTE, synthetic=True)
    for number, (name, (indicator, words), (low, high), unit, links) in enumerate(POLICIES, start=1):
        policy = budget.state_policy(
            actor=actor, fiscal_year=year, code=f"K{number}", name=name, source="Rapat koordinasi 15 Maret 2022"
        )
        budget.state_target(
            actor=actor, policy_id=policy.pk, indicator=indicator, name=words, unit=unit, low=low, high=high,
            lower_is_better=indicator == "tpt",
        )  # fmt: skip
        for program, kegiatan in links:
            budget.link_policy(actor=actor, policy_id=policy.pk, program=program, kegiatan=kegiatan)
    for name, description, tags in THEMES:
        budget.state_theme(actor=actor, name=name, description=description)
        for kegiatan, kro, ro in tags:
            budget.tag(actor=actor, theme=name, fiscal_year=year, kegiatan=kegiatan, kro=kro, ro=ro)


def bring(file: DemoFile, folder: FilePath, year: int) -> None:
    """Writes a file and brings it as the planner does.

    Raises:
        RuleBroken: `demo-file-refused`: the importers and the generator disagree; `demo-proposal-taken`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / file.name
    file.write(path)
    options = budget.ImportOptions(kind=file.kind, year=year, period=file.period, create_missing=True)
    now = timezone.make_aware(datetime.combine(file.on, time(9)))
    run = budget.import_file(actor=planner(), path=path, file_name=file.name, options=options, now=now)
    if file.proposal:
        if run.status != ImportStatus.REFUSED:
            raise RuleBroken("demo-proposal-taken", file=file.name)
    elif run.status == ImportStatus.REFUSED:
        first = Finding.from_record(run.findings[0])
        raise RuleBroken("demo-file-refused", file=file.name, reason=first.message())


def add_documents(demo: DemoYear) -> None:
    """Number, date and legal basis of every DIPA, and the names of the RO, which dataAng does not carry."""
    actor = planner()
    for satker in demo.satker:
        number = f"SP DIPA-026.{satker.unit.code}.3.{satker.code}/{demo.year}"
        budget.record_dipa(
            actor=actor, satker_code=satker.code, fiscal_year=demo.year, number=number,
            dated_on=date(demo.year - 1, 11, 17), legal_basis=DIPA_LEGAL_BASIS,
        )  # fmt: skip
    name_outputs(demo.outputs, demo.year)


def name_outputs(outputs: tuple[Output, ...], year: int) -> None:
    """Gives the RO of every satker its name and unit of volume."""
    by_path = {(one.satker.code, one.kegiatan, one.kro, one.ro): one for one in outputs}
    rows = list(Ro.objects.filter(fiscal_year=year).select_related("satker"))
    for row in rows:
        output = by_path.get((row.satker.code, row.kegiatan, row.kro, row.ro))
        if output:
            row.name, row.unit_name = output.name, output.volume_unit
    Ro.objects.bulk_update(rows, ["name", "unit_name"])


def pos_of(satker: str, path: Path, year: int) -> Pos:
    """The position of a path."""
    return Pos.objects.get(fiscal_year=year, satker__code=satker, **path._asdict())


def set_block(block: Block, year: int) -> None:
    """Blocks by letter."""
    budget.block_pagu(
        actor=planner(), pos_id=pos_of(block.satker, block.path, year).pk, amount_rp=block.amount_rp, kind=block.kind,
        letter_no=block.letter, letter_on=block.on, on=block.on,
    )  # fmt: skip


def lift_block(block: Block, year: int) -> None:
    """Releases the part of a block that is released."""
    assert block.released_on is not None
    found = LetterBlock.objects.get(pos=pos_of(block.satker, block.path, year), letter_no=block.letter)
    budget.release_block(
        actor=planner(), block_id=found.pk, letter_no=block.release_letter, on=block.released_on,
        amount_rp=block.released_rp, letter_on=block.released_on,
    )  # fmt: skip


def reserve(one: Reservation, year: int) -> None:
    """Sets money aside for a contract."""
    pos = pos_of(one.satker, one.path, year)
    budget.reserve_pagu(actor=planner(), pos_id=pos.pk, amount_rp=one.amount_rp, document=one.document, on=one.on)


def release(one: Reservation, year: int) -> None:
    """Gives the money of a contract free, for its payment."""
    held = Contract.objects.get(pos=pos_of(one.satker, one.path, year), document=one.document)
    budget.release_reservation(
        actor=planner(), reservation_id=held.pk, on=one.released_on or one.on, reason="Dibayar dengan SP2D"
    )
