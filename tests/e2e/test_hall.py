"""The desk in the hall, in Chromium with its fake camera, and with the line cut."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import qrcode
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from dekon.coordination import services
from dekon.coordination.models import Attendance
from dekon.org.models import User
from tests.builders import small_year
from tests.builders.meetings import running
from tests.e2e.conftest import Visit

WIDTH, HEIGHT, FRAMES = 640, 480, 10
"""A second of each badge: the camera shows all of them within the time in which a badge is not read twice."""


def film(path: Path, texts: Sequence[str]) -> None:
    """What the fake camera sees: one QR code after the other, black on white."""
    neutral = bytes([128]) * (WIDTH * HEIGHT // 2)
    with path.open("wb") as out:
        out.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{FRAMES}:1 Ip A1:1 C420jpeg\n".encode())
        for text in texts:
            out.write((b"FRAME\n" + picture(text) + neutral) * FRAMES)


def picture(text: str) -> bytes:
    """A QR code in the middle of a white picture, a byte for each point."""
    code = qrcode.QRCode(border=4)
    code.add_data(text)
    matrix = code.get_matrix()
    scale = HEIGHT // len(matrix)
    rows = bytearray(b"\xff" * (WIDTH * HEIGHT))
    left, top = (WIDTH - scale * len(matrix)) // 2, (HEIGHT - scale * len(matrix)) // 2
    for y, line in enumerate(matrix):
        shades = b"".join((b"\x00" if dark else b"\xff") * scale for dark in line)
        for row in range(scale):
            start = (top + y * scale + row) * WIDTH + left
            rows[start : start + len(shades)] = shades
    return bytes(rows)


@pytest.fixture
def camera(browser: Browser, chromium: str, tmp_path: Path) -> Iterator[Browser]:
    """A browser whose camera shows the film."""
    made = browser.browser_type.launch(
        executable_path=chromium,
        args=[
            "--no-sandbox", "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={tmp_path / 'kamera.y4m'}",
        ],
    )  # fmt: skip
    yield made
    made.close()


def test_badges_before_the_camera_count_once_also_when_the_line_breaks(
    camera: Browser, live_server: LiveServer, tmp_path: Path
) -> None:
    small_year.build(tmp_path)
    meeting, first, people = running(User.objects.get(username="perencana"))
    second = meeting.sessions.exclude(pk=first.pk).get()
    foreign = f"DKN.{meeting.pk + 7}.{people[2].code}"
    film(tmp_path / "kamera.y4m", [services.badge_text(people[0]), foreign, services.badge_text(people[1])])
    context = camera.new_context(locale="id-ID", permissions=["camera"])
    page = context.new_page()
    visit = Visit(page, live_server.url, "kehadiran")
    visit.sign_in("perencana")

    visit.open(f"/rapat/{meeting.pk}/hadir/?sesi={first.pk}")
    page.click("[data-start]")
    page.wait_for_selector("[data-recent] li:nth-child(3)", timeout=20_000)
    told = page.inner_text("[data-recent]")
    assert "rapat lain" in told
    assert "Orang 1 (sintetis): hadir" in told
    assert "Orang 2 (sintetis): hadir" in told
    assert Attendance.objects.filter(session=first).count() == 2

    visit.open(f"/rapat/{meeting.pk}/hadir/?sesi={second.pk}")
    page.click("[data-start]")
    page.wait_for_selector("[data-start]", state="hidden")
    context.set_offline(True)
    page.wait_for_selector("#pindai:not([data-waiting='0'])", timeout=20_000)
    page.wait_for_timeout(3000)
    assert "Jaringan terputus" in page.inner_text("[data-queue]")
    before = Attendance.objects.filter(session=second).count()
    assert before < 2
    context.set_offline(False)
    page.wait_for_selector("#pindai[data-waiting='0']", timeout=20_000)
    rows = list(Attendance.objects.filter(session=second))
    assert sorted(row.participant_id for row in rows) == sorted(one.pk for one in people[:2])
    assert all(row.at <= row.recorded_at for row in rows)
    context.close()


def test_the_pages_of_a_meeting_are_readable_for_everybody(visit: Visit) -> None:
    meeting, first, _people = running(User.objects.get(username="perencana"))
    visit.sign_in("perencana")
    own = f"/rapat/{meeting.pk}/"
    pages = {
        "daftar rapat": "/rapat/", "rapat": own, "rencana": "/rapat/tambah/", "peserta": f"{own}peserta/",
        "impor": f"{own}peserta/impor/", "provinsi": f"{own}peserta/provinsi/", "layar": f"{own}layar/?sesi={first.pk}",
        "kehadiran": f"{own}hadir/?cari=Orang&sesi={first.pk}", "diri": f"/hadir/{meeting.pk}/",
    }  # fmt: skip
    for step, path in pages.items():
        visit.open(path)
        visit.look(f"rapat {step}")
