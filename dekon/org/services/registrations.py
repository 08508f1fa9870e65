"""Staff of a provincial office ask for an account with a letter; the ministry or the office's administrator decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from dekon.audit import services as audit
from dekon.errors import NotFound, RuleBroken
from dekon.lib.spelling import plain_name
from dekon.org import selectors
from dekon.org.choices import OPEN_TO_REGISTRATION, Action, MailKind, RegistrationState, Role
from dekon.org.models import Province, Registration, User
from dekon.org.services.links import invite, require_giving
from dekon.org.services.mails import order_mail
from dekon.org.services.naming import mail_address, person_name
from dekon.org.services.people import require
from dekon.org.services.unseen import write_unseen

SHORTEST_REASON = 5


@dataclass(frozen=True, slots=True)
class Applicant:
    """What a person says: name, mail address, position, role asked for, province (Kemendagri code), language."""

    display_name: str
    email: str
    job_title: str
    role: str
    province: str
    language: str = "id"


@dataclass(frozen=True, slots=True)
class Letter:
    """The letter of the office: its SHA-256 in the store of files, what its owner calls it, what it is."""

    digest: str
    name: str
    media_type: str


@transaction.atomic
def register(*, applicant: Applicant, letter: Letter, now: datetime) -> Registration:
    """Take in a request for an account. The answer is the same whether the mail address has an account or not.

    Args:
        applicant: who asks, for what.
        letter: of the office.
        now: the moment.

    Raises:
        RuleBroken: nobody can register for this role, or a name or mail address looks like another.
        NotFound: the province is unknown.
    """
    if applicant.role not in OPEN_TO_REGISTRATION:
        raise RuleBroken("registration-role", role=applicant.role)
    province = selectors.province_or_none(applicant.province)
    if province is None:
        raise NotFound("place-unknown", code=applicant.province, listing="provinsi")
    made = _noted(applicant, province, letter, now)
    order_mail(MailKind.REGISTRATION, to_whom=made.email, language=made.language)
    audit.record(
        actor=selectors.system_user(), action="registration-received", subject_type="registration", subject_id=made.pk,
        after={"role": made.role, "province": province.code, "letter": letter.digest},
    )  # fmt: skip
    return made


def _noted(applicant: Applicant, province: Province, letter: Letter, now: datetime) -> Registration:
    made = Registration(
        display_name=person_name(applicant.display_name), email=mail_address(applicant.email),
        job_title=plain_name(applicant.job_title),
        role=applicant.role, province=province, language=applicant.language, letter_digest=letter.digest,
        letter_name=letter.name[:150], letter_type=letter.media_type, requested_at=now,
    )  # fmt: skip
    write_unseen(made)
    return made


@transaction.atomic
def approve_registration(*, actor: User, number: int, now: datetime) -> Registration:
    """Let the person in: an invitation leaves by mail.

    Raises:
        NotFound: there is no such request.
        NotAllowed: another office, or a role that only the ministry gives.
        Conflict: it was decided already.
    """
    asked = _to_decide(actor, number)
    _decide(asked, actor, RegistrationState.APPROVED, now)
    invite(
        actor=actor, display_name=asked.display_name, email=asked.email, role=asked.role, province=asked.province.code,
        language=asked.language, registration=asked, now=now,
    )  # fmt: skip
    return asked


@transaction.atomic
def refuse_registration(*, actor: User, number: int, reason: str, now: datetime) -> Registration:
    """Say no, and why; the person gets the reason by mail.

    Args:
        actor: who decides.
        number: of the request.
        reason: at least five letters.
        now: the moment.

    Raises:
        RuleBroken: no reason.
        NotFound: there is no such request.
        NotAllowed: another office, or a role that only the ministry gives.
        Conflict: it was decided already.
    """
    asked = _to_decide(actor, number)
    if len(reason.strip()) < SHORTEST_REASON:
        raise RuleBroken("entry-reason-missing", length=SHORTEST_REASON)
    _decide(asked, actor, RegistrationState.REFUSED, now, reason.strip())
    order_mail(MailKind.REFUSAL, to_whom=asked.email, language=asked.language, facts={"reason": reason.strip()})
    return asked


@transaction.atomic
def note_letter_read(*, actor: User, number: int) -> None:
    """Somebody has read the letter of a request: it holds personal data, so the trail says who.

    Raises:
        NotAllowed: the actor lets nobody in.
    """
    require(actor, Action.MANAGE_OFFICE_USERS)
    audit.record(actor=actor, action="letter-read", subject_type="registration", subject_id=number)


def _to_decide(actor: User, number: int) -> Registration:
    asked = (
        Registration.objects.select_for_update(of=("self",))
        .select_related("province", "decided_by")
        .filter(pk=number)
        .first()
    )
    if asked is None:
        raise NotFound("registration-unknown")
    require_giving(actor, asked.role, asked.province.code)
    require(actor, Action.DECIDE_REGISTRATION, selectors.matter_of_registration(asked))
    return asked


def _decide(asked: Registration, actor: User, state: RegistrationState, now: datetime, reason: str = "") -> None:
    asked.state, asked.decided_at, asked.decided_by, asked.reason = state, now, actor, reason
    asked.save(update_fields=["state", "decided_at", "decided_by", "reason"])
    audit.record(
        actor=actor, action=f"registration-{state}", subject_type="registration", subject_id=asked.pk,
        after={"state": str(state), "role": str(Role(asked.role))}, reason=reason,
    )  # fmt: skip
