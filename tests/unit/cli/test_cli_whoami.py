"""backend.ai notification whoami."""

from collections.abc import Callable
from typing import Any

import pytest

from backendai_notification_cli import __version__
from backendai_notification_cli.http import envfile, profiles

WHOAMI = ("notification", "whoami")
CALLER = {
    "access_key": "AKIAEXAMPLE",
    "name": "dashboard",
    "role": "viewer",
    "user_id": "550e8400-e29b-41d4-a716-446655440000",
    "expires_at": "2027-02-27T12:00:00.000000Z",
    "service_version": "0.2.0",
}
Run = Callable[..., Any]


def test_everything_about_the_caller(service: Any, run: Run) -> None:
    """The keypair, its role and end, the endpoint, where both come from, and the versions are told."""
    service.answers("GET", "/notifications/whoami", CALLER)
    assert run(*WHOAMI).stdout.splitlines() == [
        "Access key: AKIAEXAMPLE",
        "Name: dashboard",
        "Role: viewer",
        "User ID: 550e8400-e29b-41d4-a716-446655440000",
        "Expires: 2027-02-27T12:00:00.000000Z",
        f"Endpoint: {service.url}",
        "Profile: ",
        "Endpoint and access key from: the environment",
        "Secret key from: the environment",
        "Service version: 0.2.0",
        f"Command line version: {__version__}",
    ]


def test_a_profile_is_named(service: Any, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A profile is told with its file and what chose it; what has no name and no end is told as that."""
    service.answers("GET", "/notifications/whoami", {**CALLER, "name": None, "expires_at": None})
    path = profiles.path("staging")
    values = {"BACKEND_ENDPOINT": service.url, "BACKEND_ACCESS_KEY": "A", "BACKEND_SECRET_KEY": "s"}
    envfile.save(path, values)
    monkeypatch.setenv(profiles.VARIABLE, "staging")
    told = run(*WHOAMI).stdout
    assert "\nName: \n" in told
    assert "\nExpires: never\n" in told
    assert "\nProfile: staging\n" in told
    assert f" from: the profile 'staging' in {path}, chosen by {profiles.VARIABLE}\n" in told


def test_who_may_do_nothing_is_told_so(service: Any, run: Run) -> None:
    """A keypair that is refused is told with its role and its source."""
    problem = {
        "type": "https://api.backend.ai/probs/generic-forbidden",
        "title": "T",
        "msg": "This needs ...",
    }
    service.answers("GET", "/notifications/whoami", problem, status=403)
    result = run(*WHOAMI)
    assert result.exit_code == 1
    assert result.stderr == "✗ This needs ...\n  The keypair AKIAEXAMPLE comes from the environment.\n"
