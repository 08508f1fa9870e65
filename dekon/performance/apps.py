"""Django's registration of the read models."""

from django.apps import AppConfig


class PerformanceConfig(AppConfig):
    """The read models."""

    name = "dekon.performance"
    label = "performance"
