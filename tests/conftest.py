"""What every test folder shares: hypothesis profiles, and the rule for tests that need Chromium."""

from __future__ import annotations

import os
import shutil

import pytest
from hypothesis import HealthCheck, settings

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")

# Machines are slow and noisy: no deadline decides whether a property holds.
settings.register_profile(
    "labourwatch", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("labourwatch")


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Path of the system's Chromium; without one the test is skipped, and in CI it fails."""
    for name in _BROWSERS:
        found = shutil.which(name)
        if found:
            return found
    reason = "no Chromium: sudo apt-get install chromium fonts-noto-core"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
