"""Django's registration of the control book."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The control book."""

    name = "dekon.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"
