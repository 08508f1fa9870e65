"""What `dekon run` says once it answers."""

from __future__ import annotations

import pytest

from dekon.ops.run import greet


def test_the_greeting_names_the_address_at_which_browsers_make_passkeys(capsys: pytest.CaptureFixture[str]) -> None:
    greet(8123)
    assert "http://localhost:8123/" in capsys.readouterr().out
