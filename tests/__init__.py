"""The tests, in the same folders as the code they test.

Importing this package, which pytest does before anything else of it, gives the run settings and a
data folder of its own: whatever `make run` uses stays untouched.
"""

import os
import tempfile

import django

HOME = tempfile.mkdtemp(prefix="dekon-test-")
os.mkdir(f"{HOME}/static")  # noqa: PTH102  paths as text: this file comes before everything else

os.environ.update(DEKON_MODE="test", DEKON_HOME=HOME, DJANGO_SETTINGS_MODULE="dekon.settings")
for _name in ("DATABASE_APP_URL", "DEKON_SECRET_KEY", "DEKON_ALLOWED_HOSTS", "PORT"):
    os.environ.pop(_name, None)

django.setup()  # the conftest of a folder may import models
