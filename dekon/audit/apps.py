"""Django's registration of the trail."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The audit trail."""

    name = "dekon.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"
