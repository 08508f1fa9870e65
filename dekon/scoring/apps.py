"""Django's registration of the scores."""

from django.apps import AppConfig


class ScoringConfig(AppConfig):
    """The scores."""

    name = "dekon.scoring"
    label = "scoring"
