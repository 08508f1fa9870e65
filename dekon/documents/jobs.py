"""Scheduled work of the documents."""

from __future__ import annotations

import logging
from datetime import datetime, time, timedelta

from django.conf import settings
from django.tasks import task

from dekon.documents import selectors, services
from dekon.errors import Conflict, GatewayFailed
from dekon.lib.schedule import Daily, Every, scheduled
from dekon.org.selectors import system_user
from dekon.rules.formulas.archives import renewed_before
from dekon.scope import scoped_transaction

log = logging.getLogger(__name__)


@scheduled(name="seal-trail", every=Daily(time(23, 55)))
def seal_trail(due_at: datetime) -> None:
    """Put the ends of all chains into a sealed one-page document, and let it be mailed once that is kept."""
    services.seal_trail(actor=system_user(), at=due_at)
    if settings.SEAL_MAIL:
        mail_seal.enqueue()


@task
def mail_seal() -> int:
    """Mail the newest seal to those whom the settings name. Returns how many mails the server took."""
    actor = system_user()
    with scoped_transaction(str(actor.pk), "*"):
        seal = selectors.newest_seal()
    mails = services.send_document(document=seal, to=settings.SEAL_MAIL)
    with scoped_transaction(str(actor.pk), "*"):
        services.record_mailed(actor=actor, document=seal, mails=mails)
    return mails


@scheduled(name="finish-signed", every=Every(timedelta(minutes=5)))
def finish_signed(due_at: datetime) -> None:
    """Complete documents on which everybody has signed, and attest times that were missing."""
    actor = system_user()
    with scoped_transaction(str(actor.pk), "*"):
        waiting = selectors.unfinished()
    for document in waiting:
        try:
            services.finish(actor=actor, document=document, at=due_at)
        except (GatewayFailed, Conflict) as problem:  # the next run tries again
            log.warning("document %s is not finished: %s", document.number, problem.code)


@scheduled(name="renew-archives", every=Daily(time(2, 40)))
def renew_archives(due_at: datetime) -> None:
    """Add archive time stamps while the newest ones can still be checked."""
    actor = system_user()
    with scoped_transaction(str(actor.pk), "*"):
        waiting = selectors.to_renew(renewed_before(due_at))
    for document in waiting:
        try:
            if services.renew(actor=actor, document=document, at=due_at) is None:
                log.warning("document %s is not renewed: no time stamp that lasts longer", document.number)
        except (GatewayFailed, Conflict) as problem:  # the next run tries again
            log.warning("document %s is not renewed: %s", document.number, problem.code)
