"""Django's registration of operations."""

from django.apps import AppConfig


class OpsConfig(AppConfig):
    """Operations."""

    name = "dekon.ops"
    label = "ops"
    default_auto_field = "django.db.models.BigAutoField"
