"""Profiles of hypothesis for files: `quick` with every run, `deep` (HYPOTHESIS_PROFILE=deep) for a long look."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

_UNDISTURBED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]

settings.register_profile("quick", max_examples=25, deadline=None, suppress_health_check=_UNDISTURBED)
settings.register_profile("deep", max_examples=1000, deadline=None, suppress_health_check=_UNDISTURBED)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))
