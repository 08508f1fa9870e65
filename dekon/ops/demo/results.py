"""What the coordination meeting of the demo year brought about: minutes, decisions, issues. All of it is synthetic."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from dekon.coordination import services
from dekon.coordination.choices import DecisionState, MeetingState
from dekon.coordination.models import Decision, Meeting
from dekon.coordination.services import DecisionFacts, MeetingFacts, SessionFacts
from dekon.org.models import User

DAY = date(2022, 3, 15)
SERIES = "Rakor dekonsentrasi"
MINUTES = (
    ("Pembukaan", "Dana dekonsentrasi adalah uang rakyat; sekecil apa pun harus dipertanggungjawabkan."),
    (
        "Kebijakan dan anggaran",
        "Dana dekonsentrasi TA 2022 Rp128.900.000.000 untuk program DL dan DN di 34 provinsi.",
    ),
    ("Penandatanganan komitmen bersama", "Urutan tanda tangan bebas; tanda tangan yang masuk tampil di layar ruang."),
    ("Persoalan daerah", "Daerah menyampaikan persoalan; jawaban yang belum diberikan diikuti sampai selesai."),
)
"""Heading and text of each paragraph of the minutes."""

DECISIONS = (
    ("Melengkapi RPD triwulan II sesuai revisi DIPA.", "kadis", "32", "", date(2022, 4, 15), "", "done"),
    ("Menyampaikan Form C triwulan I tepat waktu.", "kadis", "91", "", date(2022, 4, 8), "", "claimed"),
    ("Menyusun jadwal pembinaan ke semua provinsi.", "unit", "", "13", date(2022, 5, 31), "DL", "open"),
    ("Memutakhirkan petunjuk teknis pelatihan vokasi.", "unit", "", "13", date(2022, 6, 30), "DL.4057", "returned"),
    ("Menyelesaikan selisih data realisasi dengan KPPN.", "kadis", "12", "", date(2022, 5, 13), "DN", "open"),
    ("Menyiapkan rekap kemajuan komitmen tiap bulan.", "perencana", "", "", date(2022, 12, 16), "", "open"),
)
"""Text, owner's role, province, unit, due day, programme or activity, and how far it came."""

ISSUES = (
    (
        "32",
        "anggaran",
        "Blokir pada RO pelatihan belum dibuka.",
        "13",
        "Usul pembukaan sudah diajukan.",
        4,
        True,
    ),
    ("91", "sdm", "Petugas pengantar kerja kurang di kabupaten pemekaran.", "13", "", 0, False),
    ("12", "sistem", "Angka MonSAKTI berbeda dengan catatan Dinas.", "", "Gunakan halaman Rekonsiliasi.", 2, False),
    ("33", "aturan", "Batas biaya perjalanan pengawasan belum jelas.", "", "", 0, False),
)
"""Province, category, text, answering unit, answer (empty: none yet), days until it, and whether it is settled."""


def at(day: date, hour: int = 10) -> datetime:
    """An hour of a day in Jakarta."""
    return timezone.make_aware(datetime.combine(day, time(hour)))


def person(login: str) -> User:
    """One of the cast."""
    return User.objects.get(username=login)


def rakor() -> Meeting:
    """The meeting of 15 March 2022; planned here where nothing else of the demo did it."""
    found = Meeting.objects.filter(series__kind="rakor", fiscal_year=DAY.year).first()
    if found:
        return found
    planner = person("perencana")
    facts = MeetingFacts(
        "rakor", SERIES, "Rapat koordinasi dana dekonsentrasi 2022", "Jakarta", "Ruang Utama", at(DAY, 8), at(DAY, 16)
    )
    made = services.plan_meeting(actor=planner, facts=facts)
    for hour, title in ((8, "Registrasi"), (9, "Pembukaan dan kebijakan"), (13, "Persoalan daerah dan keputusan")):
        session = SessionFacts(title, at(DAY, hour), at(DAY, hour + 1), "Ruang Utama", counted=True)
        services.state_session(actor=planner, meeting_id=made.pk, facts=session)
    return made


def hold() -> None:
    """Minutes, decisions and issues of the day; afterwards the meeting is over and the minutes are approved."""
    planner, meeting = person("perencana"), rakor()
    if meeting.state in {MeetingState.PLANNED, MeetingState.INVITING}:
        meeting = services.move_meeting(actor=planner, meeting_id=meeting.pk, to=MeetingState.RUNNING, at=at(DAY, 8))
    for heading, text in MINUTES:
        block = services.add_block(actor=planner, meeting_id=meeting.pk, heading=heading)
        services.save_text(actor=planner, block_id=block.pk, base=0, text=text, at=at(DAY))
    for text, role, province, unit, due, path, _state in DECISIONS:
        facts = DecisionFacts(text, role, due, province, unit, path)
        services.record_decision(actor=planner, meeting_id=meeting.pk, facts=facts, at=at(DAY, 15))
    for province, category, text, unit, *_answer in ISSUES:
        services.raise_issue(
            actor=person(f"kadis-{province}"), meeting_id=meeting.pk, province=province, category=category, text=text,
            unit=unit, at=at(DAY, 14),
        )  # fmt: skip
    if meeting.state == MeetingState.RUNNING:
        services.move_meeting(actor=planner, meeting_id=meeting.pk, to=MeetingState.FINISHED, at=at(DAY, 16))
    services.close_minutes(actor=planner, meeting_id=meeting.pk, at=at(DAY + timedelta(days=3)))


def follow() -> None:
    """What became of it until the middle of June."""
    planner, meeting = person("perencana"), rakor()
    by_text = {one.text: one for one in meeting.decisions.all()}
    for text, role, province, unit, due, _path, state in DECISIONS:
        if state != "open":
            _carry_out(by_text[text], person(f"{role}-{province or unit}"), planner, due, state)
    issues = {one.text: one for one in meeting.issues.all()}
    for province, _category, text, unit, answer, days, settled in ISSUES:
        if answer:
            moment = at(DAY + timedelta(days=days))
            number = issues[text].pk
            answerer = person(f"unit-{unit}") if unit else planner
            services.move_issue(actor=answerer, issue_id=number, to="dijawab", text=answer, at=moment)
            if settled:
                services.move_issue(
                    actor=person(f"kadis-{province}"), issue_id=number, to="selesai", text="", at=moment
                )


def _carry_out(decision: Decision, owner: User, planner: User, due: date, state: str) -> None:
    """Reported two days before it was due; then verified, returned, or still to be looked at."""
    moment = at(due - timedelta(days=2))
    services.claim_decision(actor=owner, decision_id=decision.pk, note="Dikirim dengan surat dinas.", at=moment)
    if state in {"done", "returned"}:
        note = "" if state == "done" else "Lampiran belum lengkap."
        services.verify_decision(
            actor=planner, decision_id=decision.pk, done=state == "done", note=note, at=at(due - timedelta(days=1))
        )
    assert Decision.objects.get(pk=decision.pk).state != DecisionState.OPEN
