"""What a service refuses, by the code of its message."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from dekon.errors import DekonError


@contextmanager
def refused(kind: type[DekonError], code: str) -> Iterator[None]:
    """Passes where exactly this is refused inside."""
    with pytest.raises(kind) as caught:
        yield
    assert caught.value.code == code
