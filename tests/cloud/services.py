"""The service's parts as the running test has them: made anew for each, so that nothing is remembered."""

import os

from notifications.wiring import Services

_current: list[Services] = []


def services() -> Services:
    """Return the parts that this test's functions work with."""
    return _current[-1] if _current else renewed()


def renewed() -> Services:
    """Make the parts anew, with what the environment names now."""
    _current[:] = [Services(os.environ)]
    return _current[-1]
