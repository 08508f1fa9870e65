"""Who sees a document with places for signatures: whoever signs in one of them sees all of it, others nothing."""

from __future__ import annotations

import pytest

from dekon.documents.models import Document, Lease, PlacedSignature, Revision, SignaturePlace, SigningKey
from dekon.scope import scoped_transaction
from tests.builders.signatures import joint_paper, preparer, sign, signer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_place")]


def seen(scope: str, user: str) -> tuple[int, ...]:
    with scoped_transaction(user, scope):
        return tuple(model.objects.count() for model in (Document, Revision, SignaturePlace, PlacedSignature, Lease))


def test_a_signer_sees_the_whole_document_and_a_stranger_none_of_it() -> None:
    document = joint_paper(("32", "33"))
    sign(document, "32")
    for code in ("32", "33"):
        assert seen(code, str(signer(code).pk)) == (1, 2, 3, 1, 0)
    assert seen("", str(preparer().pk)) == (1, 2, 3, 1, 0)
    assert seen("35", str(signer("35").pk)) == (0,) * 5
    assert seen("", "") == (0,) * 5
    with scoped_transaction(str(signer("33").pk), "33"):
        assert [key.user_id for key in SigningKey.objects.all()] == [signer("33").pk]
