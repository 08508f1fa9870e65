"""The web server's way in."""

from __future__ import annotations

import os
import sys

from django.core.wsgi import get_wsgi_application

from dekon import env
from dekon.errors import DekonError
from dekon.ops.bodies import Bodies
from dekon.ops.quiet import Watch

PLACES = 4
"""Requests that one process works on at the same time; each needs a connection to the database."""
LONGEST_SECONDS = 300
"""What the work on one request may take in silence."""

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dekon.settings")

try:
    application = Bodies(get_wsgi_application(), PLACES)
    Watch(env.patience_seconds(), LONGEST_SECONDS, application.busy_since).start()
except DekonError as error:
    sys.exit(f"dekon: {error}")
