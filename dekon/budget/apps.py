"""Django's registration of the budget."""

from django.apps import AppConfig


class BudgetConfig(AppConfig):
    """The budget."""

    name = "dekon.budget"
    label = "budget"
    default_auto_field = "django.db.models.BigAutoField"
