"""Starts Chromium, or says what is missing."""

import os
import shutil

import pytest
from playwright.sync_api import Browser, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")

MISSING = (
    "The console's tests need Chromium, and there is none here. On Debian and Ubuntu: "
    "sudo apt-get install chromium. Elsewhere: install Chrome or Chromium, or set CHROMIUM to its program."
)


def chromium(playwright: Playwright) -> Browser:
    """Start it without a window; fail if it is not there."""
    program = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        pytest.fail(MISSING)
    # As root, as in containers, it does not start in a sandbox of its own.
    return playwright.chromium.launch(executable_path=program, chromium_sandbox=os.geteuid() != 0)
