"""The joint commitment: written, approved, signed, refused, succeeded, completed, withdrawn, made anew."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from dekon.audit.models import Event
from dekon.coordination.choices import CommitmentState, StepKind, Topic
from dekon.coordination.jobs import follow_commitments
from dekon.coordination.models import Commitment, CommitmentStatement, CommitmentStep, Wording
from dekon.coordination.selectors import commitments as selectors
from dekon.coordination.services import commitments as services
from dekon.documents import selectors as documents
from dekon.documents import services as papers
from dekon.documents.models import PlacedSignature, SignaturePlace
from dekon.errors import Conflict, NotAllowed, Unfit
from dekon.gateways.handing import Secret
from dekon.org import services as org
from dekon.org.models import RoleAssignment, User
from dekon.org.selectors import provinces_on, system_user
from dekon.scope import scoped_transaction
from tests.builders.accounts import PDF, person
from tests.builders.commitments import (
    NOW,
    PASSPHRASE,
    STATEMENTS,
    drafted,
    kpa,
    place,
    prepared,
    revoker,
    satker_of_west_java,
    sign,
    signer,
    words,
    writer,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_place")]


def signing(made: Commitment) -> selectors.Signing:
    found = selectors.signing_of(selectors.commitment(made.pk), at=NOW)
    assert found
    return found


def state(made: Commitment) -> str:
    return selectors.commitment(made.pk).state


def seat(made: Commitment, code: str = "") -> selectors.Seat:
    return next(one for one in signing(made).seats if one.place == place(made, code))


def follow(made: Commitment) -> Commitment:
    return services.follow(actor=system_user(), number=made.pk, at=NOW)


def test_a_draft_is_written_anew_and_every_wording_stays_on_record() -> None:
    made = drafted()
    services.edit_commitment(actor=writer(), number=made.pk, words=words("Judul kedua"), at=NOW)
    assert selectors.wording_of(made).title == "Judul kedua"
    assert [one.seq for one in selectors.wordings_of(made)] == [2, 1]
    assert [one.text for one in selectors.wording_of(made).statements.all()] == [one.text for one in STATEMENTS]
    assert selectors.signing_of(made, at=NOW) is None


def test_what_cannot_be_said_is_refused_all_at_once() -> None:
    bad = services.Words("x", " ", "", [services.Said(Topic.OTHER, "", "a")])
    with pytest.raises(Unfit) as refused:
        services.draft_commitment(actor=writer(), fiscal_year=2022, words=bad, at=NOW)
    assert [one.field for one in refused.value.problems] == ["title", "preamble", "statement-1"]
    with pytest.raises(NotAllowed):
        services.draft_commitment(actor=signer("32", with_key=False), fiscal_year=2022, words=words(), at=NOW)


def test_approval_freezes_the_text_and_gives_the_ministry_and_every_province_its_place() -> None:
    made = prepared()
    assert state(made) == CommitmentState.PREPARED
    codes = {one.code for one in provinces_on(NOW.date())}
    assert len(codes) == 38
    places = SignaturePlace.objects.filter(document=made.document)
    assert {one.province.code for one in places if one.province} == codes
    assert places.filter(province__isnull=True).count() == 1
    with pytest.raises(Conflict) as frozen:
        services.edit_commitment(actor=writer(), number=made.pk, words=words("Lain"), at=NOW)
    assert frozen.value.code == "commitment-frozen"
    with pytest.raises(Conflict):
        services.approve_commitment(actor=writer(), number=made.pk, basis="Nota dinas 2", at=NOW)
    wording = selectors.wording_of(made)
    for attempt in (
        lambda: Wording.objects.create(
            commitment=made, seq=9, title="x", preamble="x", written_at=NOW, written_by=writer()
        ),
        lambda: CommitmentStatement.objects.create(
            wording=wording, number=9, topic=Topic.OTHER, heading="x", text="xxx"
        ),
        lambda: CommitmentStatement.objects.filter(wording=wording).update(text="diganti"),
        lambda: Commitment.objects.filter(pk=made.pk).update(basis="lain"),
        lambda: Commitment.objects.filter(pk=made.pk).update(state="draf"),
        lambda: CommitmentStep.objects.filter(commitment=made).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()


def test_provinces_are_those_of_the_day() -> None:
    in_march = selectors.expected(None, date(2022, 3, 15))
    in_december = selectors.expected(None, date(2022, 12, 31))
    assert (len(in_march), len(in_december)) == (35, 39)
    assert in_march[0].office == selectors.MINISTRY_OFFICE


def test_heads_are_named_with_plt_and_whoever_succeeds_needs_no_new_version() -> None:
    head = signer("32")
    held = RoleAssignment.objects.get(user=head)
    deputy = signer("33")
    day = NOW.date()
    org.delegate(
        actor=system_user(), number=held.pk, username=deputy.username, standing="plt", valid_from=day,
        valid_to=day, decree=org.Decree("ST 1", day),
    )  # fmt: skip
    made = prepared()
    assert seat(made, "32").name == "Plt. Kepala-33"
    with pytest.raises(NotAllowed):  # whoever is represented does not sign
        sign(made, "32", head)
    services.follow(actor=system_user(), number=made.pk, at=NOW + timedelta(days=1))
    found = seat(made, "32")
    assert (found.name, found.replaced) == ("Kepala-32", True)
    step = CommitmentStep.objects.get(kind=StepKind.REPLACED, place=found.place)
    assert (step.reason, step.name) == ("Plt. Kepala-33", "Kepala-32")
    assert Event.objects.filter(action="signatory-replaced", subject_id=str(made.pk), place="32").exists()


def test_whose_office_ended_yesterday_does_not_sign_and_what_was_signed_stays() -> None:
    made = prepared()
    day, system = NOW.date(), system_user()
    for code in ("32", "33"):
        name = f"mantan-{code}"
        org.add_user(actor=system, username=name, password="", role="", display_name=name)
        org.assign(
            actor=system,
            stated=org.StatedAssignment(
                username=name, role="kadis", province=code, valid_from=day - timedelta(days=9), valid_to=None,
                decree=org.Decree("SK 7", day - timedelta(days=10)),
            ),
        )  # fmt: skip
        papers.make_signing_key(actor=User.objects.get(username=name), passphrase=Secret(PASSPHRASE), at=NOW)
    sign(made, "32", User.objects.get(username="mantan-32"))
    for held in RoleAssignment.objects.filter(user__username__startswith="mantan-"):
        org.end_assignment(actor=system, number=held.pk, last_day=day - timedelta(days=1), reason="Alih tugas", now=NOW)
    with pytest.raises(NotAllowed):
        sign(made, "33", User.objects.get(username="mantan-33"))
    with pytest.raises(NotAllowed):
        services.refuse_signing(
            actor=User.objects.get(username="mantan-33"), place=place(made, "33").pk, reason="a", at=NOW
        )
    newest = documents.bytes_of(documents.newest_revision(signing(made).progress.document))
    verdict = documents.check(newest, at=NOW)
    assert verdict.standing == "genuine"
    assert [one.valid for one in verdict.signers] == [True]
    assert seat(made, "32").state == "signed"


def test_two_sign_at_the_same_second_and_both_count() -> None:
    made = prepared()
    people = [signer("32"), signer("33")]

    def go(pair: tuple[str, User]) -> None:
        try:
            sign(made, *pair)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(go, zip(("32", "33"), people, strict=True)))
    assert signing(made).count.uncertified == 2
    assert follow(made).state == CommitmentState.SIGNING
    assert CommitmentStep.objects.filter(kind=StepKind.BEGUN).count() == 1


def test_a_refusal_says_why_and_a_signature_after_it_counts() -> None:
    made = prepared()
    head = signer("32")
    with pytest.raises(Unfit):
        services.refuse_signing(actor=head, place=place(made, "32").pk, reason=" ", at=NOW)
    with pytest.raises(NotAllowed):
        services.refuse_signing(actor=head, place=place(made, "33").pk, reason="Bukan saya", at=NOW)
    services.refuse_signing(actor=head, place=place(made, "32").pk, reason="Menunggu izin Gubernur", at=NOW)
    assert seat(made, "32").state == "refused"
    assert signing(made).count.refused == 1
    sign(made, "32")
    assert seat(made, "32").state == "signed"
    assert CommitmentStep.objects.filter(kind=StepKind.REFUSED).count() == 1
    with pytest.raises(Conflict) as late:
        services.refuse_signing(actor=head, place=place(made, "32").pk, reason="Menyesal", at=NOW)
    assert late.value.code == "place-signed-already"


def test_a_refusal_reaches_the_ministry_and_the_own_province_alone() -> None:
    made = prepared()
    services.refuse_signing(actor=signer("32"), place=place(made, "32").pk, reason="Menunggu izin", at=NOW)
    draft = services.draft_commitment(actor=writer(), fiscal_year=2023, words=words(), at=NOW)
    for scope, refusals, versions in (("*", 1, 2), ("32", 1, 1), ("33", 0, 1), ("unit:13", 0, 1), ("", 0, 0)):
        with scoped_transaction(str(signer("35").pk), scope):
            assert CommitmentStep.objects.filter(kind=StepKind.REFUSED).count() == refusals, scope
            assert Commitment.objects.count() == versions, scope
            assert Wording.objects.filter(commitment=draft).count() == (scope == "*"), scope
    with scoped_transaction(str(signer("33").pk), "33"):
        services.refuse_signing(actor=signer("33"), place=place(made, "33").pk, reason="Belum siap", at=NOW)
    with pytest.raises(DatabaseError), scoped_transaction(str(signer("33").pk), "33"):
        CommitmentStep.objects.create(
            commitment=made, kind=StepKind.REFUSED, place=place(made, "32"), reason="palsu", at=NOW, by=signer("33")
        )


def test_late_is_who_has_not_signed_the_day_after() -> None:
    for sign_by, late in ((NOW.date(), 0), (NOW.date() - timedelta(days=1), 38)):
        made = prepared(sign_by=sign_by)
        sign(made)
        follow(made)
        assert signing(made).count.late == late
        assert CommitmentStep.objects.filter(commitment=made, kind=StepKind.LATE).count() == late
        services.withdraw_commitment(actor=writer(), number=made.pk, reason="Batas waktu diubah", at=NOW)


def test_a_performance_agreement_is_complete_once_both_have_signed_and_cannot_be_withdrawn_then() -> None:
    made = prepared(satker_of_west_java())
    kpa()
    assert signing(made).count.whole == 2
    sign(made, "kpa")
    sign(made)
    with pytest.raises(Conflict) as complete:
        services.withdraw_commitment(actor=writer(), number=made.pk, reason="Terlambat", at=NOW)
    assert complete.value.code == "commitment-complete"
    follow_commitments(NOW)
    assert state(made) == CommitmentState.COMPLETE
    assert CommitmentStep.objects.filter(kind=StepKind.COMPLETED).count() == 1
    with pytest.raises(Conflict) as after:
        services.withdraw_commitment(actor=writer(), number=made.pk, reason="Terlambat", at=NOW)
    assert after.value.code == "not-allowed-status"
    with pytest.raises(Conflict) as there:
        services.draft_commitment(actor=writer(), fiscal_year=2022, words=words(), at=NOW, satker=satker_of_west_java())
    assert there.value.code == "commitment-there"


def test_withdrawal_makes_the_whole_version_void_and_the_next_names_it() -> None:
    made = prepared()
    sign(made, "32")
    old = signing(made).progress.document
    with pytest.raises(NotAllowed):
        services.withdraw_commitment(actor=signer("32"), number=made.pk, reason="Tidak setuju", at=NOW)
    services.withdraw_commitment(actor=writer(), number=made.pk, reason="Pernyataan kedua keliru", at=NOW)
    old.refresh_from_db()
    assert old.revoked_reason == "Pernyataan kedua keliru"
    with pytest.raises(Conflict):
        sign(made, "33")
    dropped = drafted()
    services.withdraw_commitment(actor=writer(), number=dropped.pk, reason="Draf salah", at=NOW)
    new = prepared()
    assert (new.edition, new.supersedes_id) == (3, dropped.pk)
    assert new.document
    assert new.document.supersedes == old
    assert documents.by_code(old.code, at=NOW).standing == "revoked"
    assert PlacedSignature.objects.filter(document=old).count() == 1


def test_a_complete_commitment_that_is_declared_void_makes_room_for_another() -> None:
    made = prepared(satker_of_west_java())
    sign(made, "kpa")
    sign(made)
    follow(made)
    assert made.document
    papers.revoke(actor=revoker(), document_id=made.document.pk, reason="Salah satker", at=NOW)
    assert prepared(satker_of_west_java()).edition == 2


def test_there_is_one_version_under_way_also_for_the_database() -> None:
    made = drafted()
    with pytest.raises(Conflict):
        drafted()
    with pytest.raises(DatabaseError), transaction.atomic():
        Commitment.objects.create(fiscal_year=2022, edition=2, supersedes=made, created_at=NOW, created_by=writer())


def test_a_signature_by_hand_is_counted_apart_and_completes_like_any_other() -> None:
    made = prepared(satker_of_west_java())
    sign(made)
    scan = papers.Scan(io.BytesIO(PDF), "pindaian.pdf", "KPA Jawa Barat", NOW.date())
    papers.accept_paper(actor=writer(), place=place(made, "kpa").pk, scan=scan, at=NOW)
    count = signing(made).count
    assert (count.wet, count.uncertified, count.signed, count.whole) == (1, 1, 2, 2)
    assert seat(made, "kpa").state == "paper"
    assert follow(made).state == CommitmentState.COMPLETE


def test_who_signs_sees_the_own_place_and_who_only_looks_sees_none() -> None:
    made = prepared()
    found = selectors.seat_for(signing(made), signer("32"))
    assert found
    assert found.place == place(made, "32")
    assert selectors.seat_for(signing(made), person("bapeda", "bappeda", "32")) is None
    assert selectors.seat_for(signing(made), writer()) is None
