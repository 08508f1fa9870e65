"""Passwords, guesses, mailed links, closing: what the services do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from dekon.audit.models import Event
from dekon.errors import Conflict, NotAllowed, NotFound, RuleBroken
from dekon.gateways import mail
from dekon.org import selectors
from dekon.org import services as org
from dekon.org.models import ApiToken, FailedSignIn, Invitation, KnownDevice, MailedLink, MailOrder, SignedIn, User
from dekon.org.services import Applicant, Caller, Letter
from dekon.org.services.throttle import FREE, LONGEST_WAIT, seconds_to_wait, wait_after
from tests.builders.accounts import PASSWORD, deliver_mails, person, token_in

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HERE = Caller("192.0.2.7", "Firefox, Linux")
FRESH = "pohon-trembesi-di-tepi-alun"
LETTER = Letter("a" * 64, "surat tugas.pdf", "application/pdf")


def attempt(name: str, password: str, *, caller: Caller = HERE, now: datetime = NOW) -> org.Attempt:
    return org.try_password(name=name, password=password, caller=caller, now=now)


def applicant(**changed: str) -> Applicant:
    said = {"display_name": "Staf Pelatihan", "email": "staf@dinas.example", "job_title": "Analis", "role": "operator"}
    return Applicant(**{**said, "province": "32", **changed})


# Passwords ------------------------------------------------------------------------------------------------------------


def test_the_name_or_the_mail_address_opens_the_account_whatever_the_capitals() -> None:
    user = person("operator-uji", "operator", "32", email="Staf.Uji@dinas.example")
    assert attempt("Operator-UJI", PASSWORD).user == user
    assert attempt("staf.uji@DINAS.example", PASSWORD).user == user


def test_unknown_wrong_and_closed_look_alike_and_take_as_many_queries() -> None:
    person("operator-uji", "operator", "32")
    closed = person("operator-lama", "operator", "32")
    User.objects.filter(pk=closed.pk).update(is_active=False)
    seen = []
    for name, password in (("tidak-ada", PASSWORD), ("operator-uji", "salah"), ("operator-lama", PASSWORD)):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            seen.append((attempt(name, password, caller=Caller(f"198.51.100.{len(name)}")), len(queries)))
    assert seen[0] == seen[1] == seen[2]


def test_every_attempt_hashes_once_whether_the_account_exists_or_not(monkeypatch: pytest.MonkeyPatch) -> None:
    person("operator-uji", "operator", "32")
    hashed: list[str] = []
    original = MD5PasswordHasher.encode

    def counted(self: MD5PasswordHasher, password: str, salt: str) -> str:
        hashed.append(salt)
        return original(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    counts = []
    for name in ("operator-uji", "tidak-ada"):
        hashed.clear()
        attempt(name, "salah-sekali")
        counts.append(len(hashed))
    assert counts == [1, 1]


@pytest.mark.parametrize(
    "weak",
    [
        "pendek",
        "password1234",
        "operator-uji-saja",
        "123456789012",
        "P@ssw0rd2026!!",
        "D3k0nsentrasi#2026",
        "qwertyqwerty",
        "aaaaaaaaaaaab",
        "sunshine-2026",
        "K3mn4ker.2026",
    ],
)
def test_a_password_that_is_easy_to_guess_is_refused(weak: str) -> None:
    user = person("operator-uji", "operator", "32")
    with pytest.raises(RuleBroken) as refused:
        org.change_password(actor=user, old=PASSWORD, password=weak, session_key="", now=NOW)
    assert refused.value.code == "password-weak"


def test_a_change_of_the_password_needs_the_old_one_and_ends_other_sessions() -> None:
    user = person("operator-uji", "operator", "32")
    org.note_sign_in(user=user, session_key="lain", factor="password", caller=HERE, now=NOW)
    org.note_sign_in(user=user, session_key="ini", factor="password", caller=HERE, now=NOW)
    with pytest.raises(RuleBroken) as refused:
        org.change_password(actor=user, old="salah", password=FRESH, session_key="ini", now=NOW)
    assert refused.value.code == "password-wrong"
    org.change_password(actor=user, old=PASSWORD, password=FRESH, session_key="ini", now=NOW)
    assert list(SignedIn.objects.filter(ended_at=None).values_list("session_key", flat=True)) == ["ini"]
    assert attempt("operator-uji", FRESH).user == user
    assert [sent.subject for sent in deliver_mails()] == ["Kata sandi akun Dekon Anda berubah"]


# Guessing -------------------------------------------------------------------------------------------------------------


def test_a_few_failures_cost_nothing_then_waits_grow_up_to_a_quarter_of_an_hour() -> None:
    assert wait_after("account", FREE["account"] - 1) == timedelta()
    waits = [wait_after("account", FREE["account"] + n).total_seconds() for n in range(4)]
    assert waits == [5, 10, 20, 40]
    assert wait_after("account", 1000) == LONGEST_WAIT


def test_after_too_many_failures_even_the_right_password_waits_and_then_opens() -> None:
    user = person("operator-uji", "operator", "32")
    for _ in range(FREE["account"]):
        assert attempt("operator-uji", "salah").wait_seconds == 0
    assert attempt("operator-uji", PASSWORD).wait_seconds == 5
    assert attempt("operator-uji", PASSWORD, now=NOW + timedelta(seconds=6)).user == user
    assert attempt("operator-uji", "salah", now=NOW + timedelta(seconds=7)).wait_seconds == 0


def test_an_unknown_name_is_slowed_like_a_known_one() -> None:
    for _ in range(FREE["account"]):
        attempt("tidak-ada", "salah")
    assert attempt("tidak-ada", "salah").wait_seconds == 5


def test_guesses_of_a_stranger_do_not_keep_the_owner_out() -> None:
    user = person("operator-uji", "operator", "32")
    _made, token = org.note_sign_in(user=user, session_key="s1", factor="password", caller=HERE, now=NOW)
    for number in range(FREE["account"] + 3):
        attempt("operator-uji", "salah", caller=Caller(f"203.0.113.{number}"), now=NOW + timedelta(hours=number * 0.01))
    later = NOW + timedelta(minutes=2)
    assert attempt("operator-uji", PASSWORD, caller=Caller("203.0.113.9"), now=later).wait_seconds > 0
    assert attempt("operator-uji", PASSWORD, caller=Caller("192.0.2.7", "", token), now=later).user == user


def test_a_known_device_of_one_person_is_a_stranger_to_another() -> None:
    user, other = person("operator-uji", "operator", "32"), person("operator-dua", "operator", "32")
    _made, token = org.note_sign_in(user=user, session_key="s1", factor="password", caller=HERE, now=NOW)
    for _ in range(FREE["account"]):
        attempt(other.username, "salah", caller=Caller("192.0.2.7", "", token))
    assert attempt(other.username, PASSWORD, caller=Caller("192.0.2.7", "", token)).wait_seconds > 0


def test_an_address_that_tries_many_names_is_slowed() -> None:
    for number in range(FREE["address"]):
        attempt(f"orang-{number}", "salah")
    assert attempt("yang-lain", "salah").wait_seconds > 0
    assert attempt("yang-lain", "salah", caller=Caller("192.0.2.8")).wait_seconds == 0


def test_an_hour_without_a_failure_forgives_and_old_counts_go() -> None:
    for _ in range(20):
        attempt("tidak-ada", "salah")
    later = NOW + timedelta(hours=1, seconds=1)
    assert attempt("tidak-ada", "salah", now=later).wait_seconds == 0
    assert set(FailedSignIn.objects.values_list("failures", flat=True)) == {1}
    org.forget_old_failures(now=later + timedelta(hours=2))
    assert not FailedSignIn.objects.exists()


def test_counts_name_nobody() -> None:
    attempt("operator-uji", "salah")
    assert all(len(one.key) == 64 for one in FailedSignIn.objects.all())
    assert seconds_to_wait([("account", "?operator-uji")], now=NOW) == 0


# Sessions -------------------------------------------------------------------------------------------------------------


def test_sessions_are_listed_ended_and_forgotten() -> None:
    user = person("operator-uji", "operator", "32")
    first, _token = org.note_sign_in(user=user, session_key="s1", factor="password", caller=HERE, now=NOW)
    org.note_sign_in(user=user, session_key="s2", factor="passkey", caller=HERE, now=NOW)
    org.end_sign_in(actor=user, number=first.pk, now=NOW)
    assert list(SignedIn.objects.filter(ended_at=None).values_list("session_key", flat=True)) == ["s2"]
    with pytest.raises(NotFound):
        org.end_sign_in(actor=user, number=first.pk, now=NOW)
    assert org.end_other_sign_ins(actor=user, session_key="", now=NOW) == 1
    assert not KnownDevice.objects.exists()
    org.forget_old_sign_ins(now=NOW + timedelta(days=91))
    assert not SignedIn.objects.exists()


def test_nobody_ends_the_session_of_another() -> None:
    user, other = person("operator-uji", "operator", "32"), person("operator-dua", "operator", "32")
    made, _token = org.note_sign_in(user=user, session_key="s1", factor="password", caller=HERE, now=NOW)
    with pytest.raises(NotFound):
        org.end_sign_in(actor=other, number=made.pk, now=NOW)


# Mailed links ---------------------------------------------------------------------------------------------------------


def test_a_forgotten_password_is_chosen_anew_once_within_an_hour() -> None:
    user = person("operator-uji", "operator", "32")
    org.ask_for_reset(name="operator-uji", language="id")
    [sent] = deliver_mails()
    assert sent.to == user.email
    token = token_in(sent)
    with pytest.raises(NotFound):
        org.reset_password(token=token, password=FRESH, now=datetime.now(UTC) + timedelta(hours=1, minutes=1))
    assert org.reset_password(token=token, password=FRESH, now=datetime.now(UTC)) == user
    with pytest.raises(NotFound):
        org.reset_password(token=token, password=FRESH, now=datetime.now(UTC))
    assert attempt("operator-uji", FRESH).user == user


def test_only_the_newest_link_is_good_and_only_its_hash_is_kept() -> None:
    person("operator-uji", "operator", "32")
    tokens = []
    for _ in range(2):
        org.ask_for_reset(name="operator-uji", language="id")
        tokens.append(token_in(deliver_mails()[0]))
    with pytest.raises(NotFound):
        org.reset_password(token=tokens[0], password=FRESH, now=datetime.now(UTC))
    kept = " ".join(str(row) for row in [*MailedLink.objects.values(), *MailOrder.objects.values()])
    assert not any(token in kept for token in tokens)
    org.reset_password(token=tokens[1], password=FRESH, now=datetime.now(UTC))


@pytest.mark.parametrize("name", ["tidak-ada", "tidak@ada.example"])
def test_a_reset_for_nobody_writes_the_same_order_and_sends_nothing(name: str) -> None:
    person("operator-uji", "operator", "32")
    counts = []
    for asked in (name, "operator-uji"):
        with CaptureQueriesContext(connection) as queries:
            org.ask_for_reset(name=asked, language="id")
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert [sent.to for sent in deliver_mails()] == ["operator-uji@contoh.example"]
    assert not MailOrder.objects.exclude(to_whom="").exists()


# Invitations ----------------------------------------------------------------------------------------------------------


def invite(
    actor: User, *, email: str = "baru@dinas.example", role: str = "operator", province: str = "32"
) -> Invitation:
    return org.invite(
        actor=actor, display_name="Staf Baru", email=email, role=role, province=province, now=datetime.now(UTC)
    )


def test_an_invitation_opens_an_account_once() -> None:
    head = person("kadis-uji", "kadis", "32")
    invite(head)
    token = token_in(deliver_mails()[0])
    user = org.accept_invitation(token=token, password=FRESH, now=datetime.now(UTC))
    assert user.username.startswith("operator-32-")
    assert [(one.role, str(one.province)) for one in selectors.assignments_of(user)] == [("operator", "Jawa Barat")]
    with pytest.raises(NotFound):
        org.accept_invitation(token=token, password=FRESH, now=datetime.now(UTC))


def test_a_withdrawn_or_late_invitation_opens_nothing() -> None:
    head = person("kadis-uji", "kadis", "32")
    made = invite(head)
    token = token_in(deliver_mails()[0])
    with pytest.raises(NotFound):
        org.accept_invitation(token=token, password=FRESH, now=datetime.now(UTC) + timedelta(days=8))
    org.withdraw_invitation(actor=head, number=made.pk, now=NOW)
    with pytest.raises(NotFound):
        org.accept_invitation(token=token, password=FRESH, now=datetime.now(UTC))
    with pytest.raises(Conflict):
        org.withdraw_invitation(actor=head, number=made.pk, now=NOW)


def test_inviting_a_known_address_says_nothing_to_the_inviter_and_opens_nothing() -> None:
    head = person("kadis-uji", "kadis", "32")
    known = person("operator-lain", "operator", "91")
    invite(head, email=known.email.upper())
    [sent] = deliver_mails()
    assert sent.to == known.email
    assert "sudah punya akun" in sent.subject
    assert "/undangan/" not in sent.text
    assert Invitation.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"province": "91"}, "not-allowed-place"),
        ({"role": "kadis"}, "role-by-ministry"),
        ({"role": "admin", "province": ""}, "not-allowed-place"),
    ],
)
def test_a_local_administrator_lets_in_operators_of_the_own_office_only(changed: dict[str, str], code: str) -> None:
    head = person("kadis-uji", "kadis", "32")
    with pytest.raises(NotAllowed) as refused:
        invite(head, **changed)
    assert refused.value.code == code


def test_an_operator_invites_nobody() -> None:
    with pytest.raises(NotAllowed):
        invite(person("operator-uji", "operator", "32"))


# Registrations --------------------------------------------------------------------------------------------------------


def test_who_registers_waits_is_approved_and_opens_the_account_by_mail() -> None:
    admin = person("admin-uji", "admin")
    asked = org.register(applicant=applicant(role="bappeda"), letter=LETTER, now=NOW)
    assert [sent.subject for sent in deliver_mails()] == ["Pendaftaran Dekon diterima"]
    org.approve_registration(actor=admin, number=asked.pk, now=datetime.now(UTC))
    [sent] = deliver_mails()
    user = org.accept_invitation(token=token_in(sent), password=FRESH, now=datetime.now(UTC))
    assert user.display_name == "Staf Pelatihan"
    with pytest.raises(Conflict):
        org.approve_registration(actor=admin, number=asked.pk, now=NOW)


def test_whoever_decides_second_is_told_who_decided_and_when() -> None:
    head = person("kadis-uji", "kadis", "32")
    asked = org.register(applicant=applicant(), letter=LETTER, now=NOW)
    first = datetime(2026, 3, 2, 3, 5, tzinfo=UTC)
    org.refuse_registration(actor=person("admin-uji", "admin"), number=asked.pk, reason="Surat buram.", now=first)
    with pytest.raises(Conflict) as told:
        org.approve_registration(actor=head, number=asked.pk, now=NOW)
    assert "Ditolak oleh Admin-Uji, 2 Maret 2026 pukul 10.05" in told.value.message("id")


def test_a_refusal_says_why() -> None:
    head = person("kadis-uji", "kadis", "32")
    asked = org.register(applicant=applicant(), letter=LETTER, now=NOW)
    deliver_mails()
    with pytest.raises(RuleBroken):
        org.refuse_registration(actor=head, number=asked.pk, reason="no", now=NOW)
    org.refuse_registration(actor=head, number=asked.pk, reason="Surat belum ditandatangani.", now=NOW)
    assert "Surat belum ditandatangani." in deliver_mails()[0].text


@pytest.mark.parametrize(("role", "province"), [("kadis", "32"), ("operator", "91")])
def test_a_local_administrator_decides_neither_on_heads_nor_on_other_offices(role: str, province: str) -> None:
    head = person("kadis-uji", "kadis", "32")
    asked = org.register(applicant=applicant(role=role, province=province), letter=LETTER, now=NOW)
    with pytest.raises(NotAllowed):
        org.approve_registration(actor=head, number=asked.pk, now=NOW)


def test_registering_with_a_known_address_looks_the_same_and_warns_its_owner() -> None:
    known = person("operator-lain", "operator", "91")
    counts = []
    for email in (known.email, "baru@dinas.example"):
        with CaptureQueriesContext(connection) as queries:
            org.register(applicant=applicant(email=email), letter=LETTER, now=NOW)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    subjects = {sent.to: sent.subject for sent in deliver_mails()}
    assert "sudah punya akun" in subjects[known.email]


@pytest.mark.parametrize("role", ["admin", "pimpinan", "kpa"])
def test_nobody_registers_for_a_role_that_follows_from_a_decree_or_the_ministry(role: str) -> None:
    with pytest.raises(RuleBroken):
        org.register(applicant=applicant(role=role), letter=LETTER, now=NOW)


# Closing --------------------------------------------------------------------------------------------------------------


def idle(name: str, days: int) -> User:
    user = person(name, "operator", "32")
    User.objects.filter(pk=user.pk).update(last_login=NOW - timedelta(days=days), date_joined=NOW - timedelta(days=400))
    return user


def test_who_has_not_come_for_long_is_warned_then_closed_unless_coming_back() -> None:
    person("admin-uji", "admin")
    User.objects.update(date_joined=NOW - timedelta(days=400))
    idle("rajin", 75)
    leaver, returner = idle("pergi", 76), idle("kembali", 76)
    User.objects.filter(username="admin-uji").update(last_login=NOW)
    User.objects.filter(pk__in=[leaver.pk, returner.pk]).update(last_login=NOW - timedelta(days=76, seconds=1))
    org.create_token(actor=leaver, username="pergi", scope="read")
    assert org.close_idle_accounts(now=NOW) == (2, 0)
    assert {sent.to for sent in deliver_mails()} == {leaver.email, returner.email}
    assert org.close_idle_accounts(now=NOW + timedelta(days=13)) == (1, 0)
    org.note_sign_in(user=returner, session_key="s", factor="password", caller=HERE, now=NOW + timedelta(days=13))
    assert org.close_idle_accounts(now=NOW + timedelta(days=14)) == (0, 1)
    leaver.refresh_from_db()
    assert not leaver.is_active
    assert ApiToken.objects.get().revoked_at is not None
    assert attempt("pergi", PASSWORD).user is None


def test_a_key_that_is_used_keeps_the_account_open() -> None:
    user = idle("mesin", 200)
    org.create_token(actor=user, username="mesin", scope="read")
    ApiToken.objects.update(last_used_at=NOW - timedelta(days=2))
    org.close_idle_accounts(now=NOW)
    user.refresh_from_db()
    assert user.warned_at is None


def test_closing_by_hand_says_why_and_can_be_taken_back() -> None:
    admin, user = person("admin-uji", "admin"), person("operator-uji", "operator", "32")
    with pytest.raises(NotAllowed):
        org.close_account(actor=admin, username="admin-uji", reason="pindah tugas", now=NOW)
    org.close_account(actor=admin, username="operator-uji", reason="pindah tugas", now=NOW)
    assert attempt("operator-uji", PASSWORD).user is None
    org.reopen_account(actor=admin, username="operator-uji", now=NOW)
    assert attempt("operator-uji", PASSWORD, now=NOW + timedelta(minutes=1)).user == user
    with pytest.raises(NotAllowed):
        org.close_account(actor=user, username="admin-uji", reason="iseng saja", now=NOW)


# Mail and trail -------------------------------------------------------------------------------------------------------


def test_a_mail_that_no_server_takes_is_tried_again_with_a_fresh_link(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "MAIL_URL", "smtp://127.0.0.1:1")
    invite(person("kadis-uji", "kadis", "32"))
    assert deliver_mails() == []
    order = MailOrder.objects.get()
    assert (order.tries, order.done_at) == (1, None)
    monkeypatch.setattr(settings, "MAIL_URL", "memory:")
    assert deliver_mails() == []
    MailOrder.objects.update(try_at=NOW)
    [sent] = deliver_mails()
    org.accept_invitation(token=token_in(sent), password=FRESH, now=datetime.now(UTC))


def test_a_mail_leaves_once() -> None:
    invite(person("kadis-uji", "kadis", "32"))
    assert len(deliver_mails()) == 1
    assert len(deliver_mails()) == 0
    assert mail.SENT == []


def test_the_trail_tells_everything_without_addresses_or_secrets() -> None:
    head = person("kadis-uji", "kadis", "32")
    invite(head)
    sent = deliver_mails()[0]
    user = org.accept_invitation(token=token_in(sent), password=FRESH, now=datetime.now(UTC))
    org.note_sign_in(user=user, session_key="s1", factor="password", caller=HERE, now=NOW)
    org.end_other_sign_ins(actor=user, session_key="", now=NOW)
    told = {event.action for event in Event.objects.all()}
    assert {"person-invited", "invitation-accepted", "signed-in", "session-ended"} <= told
    kept = " ".join(str(row) for row in Event.objects.values())
    for hidden in ("baru@dinas.example", "192.0.2.7", "Staf Baru", token_in(sent), FRESH):
        assert hidden not in kept


def test_one_mail_address_has_one_account() -> None:
    person("operator-uji", "operator", "32", email="sama@dinas.example")
    with pytest.raises(IntegrityError):
        person("operator-dua", "operator", "32", email="SAMA@dinas.example")
