"""Django's registration of the pages."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The pages."""

    name = "dekon.web"
    label = "web"
