"""Django's registration of the time machine."""

from django.apps import AppConfig


class HistoryConfig(AppConfig):
    """What rows said before."""

    name = "dekon.history"
    label = "history"
    default_auto_field = "django.db.models.BigAutoField"
