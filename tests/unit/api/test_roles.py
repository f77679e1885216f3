"""The table of routes and roles has all routes, and says of each what its role means."""

import re

import pytest

from notifications.api.roles import NEEDED
from tests.template import routes

OPEN = "GET /"
CATCH_ALL = "/{proxy+}"
SENDS = re.compile(
    r"POST .*(/events|/dispatch|/retry|/replay|/resume|/mutes.*|channels/({channel_id}/)?validate)"
)
ONLY_ADMINS = {"POST /notifications/channels/{channel_id}/rotate-secret"}
READS = re.compile(
    r"GET .*|POST .*(/search|/simulations|/backtests|/previews|/tail|rules/({rule_id}/)?validate"
    r"|/configuration/(export|plan|test))"
)


def test_each_route_has_a_row() -> None:
    """The table of roles has all routes of the template but the one that anybody may ask, and no others."""
    found = {
        f"{route.method} {route.path}"
        for route in routes()
        if route.path != CATCH_ALL and route.method != "OPTIONS"  # those are browsers' alone
    }
    assert set(NEEDED) == found - {OPEN}


@pytest.mark.parametrize("route", NEEDED)
def test_rows_are_what_roles_mean(route: str) -> None:
    """A viewer reads, an operator sends and mutes too, an editor changes, and an admin replaces secrets."""
    meant = (
        "viewer"
        if READS.fullmatch(route)
        else "operator"
        if SENDS.fullmatch(route)
        else "admin"
        if route in ONLY_ADMINS
        else "editor"
    )
    assert NEEDED[route] == meant
