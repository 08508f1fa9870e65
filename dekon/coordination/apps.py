"""Django's registration of meetings and commitments."""

from django.apps import AppConfig


class CoordinationConfig(AppConfig):
    """Meetings and the joint commitment."""

    name = "dekon.coordination"
    label = "coordination"
