"""Django's registration of the time machine."""

from django.apps import AppConfig
from django.db.backends.postgresql.features import DatabaseFeatures


class HistoryConfig(AppConfig):
    """What rows said before."""

    name = "dekon.history"
    label = "history"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let sums group by every column: a view has no primary key that the others would follow from."""
        DatabaseFeatures.allows_group_by_selected_pks = False
