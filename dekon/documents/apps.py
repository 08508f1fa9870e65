"""Django's registration of the documents."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Official documents and their register."""

    name = "dekon.documents"
    label = "documents"
    default_auto_field = "django.db.models.BigAutoField"
