"""The web server's way in."""

from __future__ import annotations

import os
import sys

from django.core.wsgi import get_wsgi_application

from dekon.errors import DekonError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dekon.settings")

try:
    application = get_wsgi_application()
except DekonError as error:
    sys.exit(f"dekon: {error}")
