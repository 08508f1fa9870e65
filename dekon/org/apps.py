"""Django's registration of people and places."""

from django.apps import AppConfig


class OrgConfig(AppConfig):
    """People and places."""

    name = "dekon.org"
    label = "org"
    default_auto_field = "django.db.models.BigAutoField"
