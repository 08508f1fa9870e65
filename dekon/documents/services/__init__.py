"""Issuing documents, having them signed, and attaching files to things."""

from dekon.documents.services.finishing import finish, renew
from dekon.documents.services.issuing import (
    Draft,
    Handed,
    Target,
    attach,
    issue,
    read_attachment,
    record_mailed,
    revoke,
    seal_trail,
    send_document,
    withdraw_attachment,
)
from dekon.documents.services.keys import make_signing_key, name_token_key, revoke_signing_key
from dekon.documents.services.outside import accept_outside, end_loan, lend
from dekon.documents.services.paper import Scan, accept_paper, scan_of, withdraw_paper
from dekon.documents.services.register import Described, describe
from dekon.documents.services.signing import PlaceWish, SigningWish, prepare, sign, withdraw
from dekon.gateways.handing import Secret

__all__ = [
    "Described",
    "Draft",
    "Handed",
    "PlaceWish",
    "Scan",
    "Secret",
    "SigningWish",
    "Target",
    "accept_outside",
    "accept_paper",
    "attach",
    "describe",
    "end_loan",
    "finish",
    "issue",
    "lend",
    "make_signing_key",
    "name_token_key",
    "prepare",
    "read_attachment",
    "record_mailed",
    "renew",
    "revoke",
    "revoke_signing_key",
    "scan_of",
    "seal_trail",
    "send_document",
    "sign",
    "withdraw",
    "withdraw_attachment",
    "withdraw_paper",
]
