from __future__ import annotations

import hashlib
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from dekon.lib.hashing import content_digest, sha256_of_bytes, sha256_of_chunks, sha256_of_file


@given(st.lists(st.binary()))
def test_pieces_hash_like_the_whole(chunks: list[bytes]) -> None:
    whole = b"".join(chunks)
    assert sha256_of_chunks(chunks) == sha256_of_bytes(whole) == hashlib.sha256(whole).hexdigest()


def test_a_file_hashes_like_its_content(tmp_path: Path) -> None:
    path = tmp_path / "berkas"
    path.write_bytes(b"x" * 3_000_000)
    assert sha256_of_file(path) == sha256_of_bytes(b"x" * 3_000_000)


def test_a_digest_of_several_contents_knows_names_borders_and_no_order() -> None:
    digest = content_digest([("a", b"12"), ("b", b"3")])
    assert digest == content_digest([("b", b"3"), ("a", b"12")])
    assert digest != content_digest([("a", b"1"), ("b", b"23")])
    assert digest != content_digest([("a", b"12"), ("c", b"3")])
