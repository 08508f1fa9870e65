"""The page of one's own personal data."""

from __future__ import annotations

import io
import logging

from django.db import connection

from dekon.lib.hygiene import CleanFormatter
from tests.web.conftest import SignIn

GOOD = "3204116203440001"


def test_the_page_takes_it_and_shows_it_masked_and_no_log_holds_it(sign_in: SignIn) -> None:
    said = io.StringIO()
    handler = logging.StreamHandler(said)
    handler.setFormatter(CleanFormatter("%(message)s"))
    logging.getLogger().addHandler(handler)
    client = sign_in("operator-32")
    wrong = client.post("/data-pribadi/", {"nik": "3204119999990001", "kunci": "a"})
    good = client.post("/data-pribadi/", {"nik": GOOD, "kunci": "b"}, follow=True)
    logging.getLogger().removeHandler(handler)
    assert wrong.status_code == 422
    assert "16 angka" in wrong.content.decode()
    assert "••••••••••••0001" in good.content.decode()
    assert GOOD not in good.content.decode()
    assert GOOD not in said.getvalue()
    for page in ("/", "/impor/", "/cari/?q=operator-32"):
        assert GOOD not in client.get(page).content.decode()


def test_sent_again_the_number_leaves_no_fingerprint(sign_in: SignIn) -> None:
    """Keys of once-only forms are hashes of what was sent; of sixteen digits such a hash can be guessed back."""
    sign_in("operator-32").post("/data-pribadi/", {"nik": GOOD, "kunci": "b"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM org_submission WHERE purpose LIKE '%%data-pribadi%%'")
        assert cursor.fetchone()[0] == 0
