"""Who may call the API: keypairs and their roles, managed by whoever has access to the secret."""

from collections.abc import Iterator

import pytest

from local.stack import Stack
from local.waiting import until
from notifications.store.keypairs import REFRESH_SECONDS
from tests.stack.cli import Cli
from tests.stack.client import Response, SignedClient

WAIT_SECONDS = 5 * REFRESH_SECONDS
"""A function reads the secret anew when a signature is wrong, but not at once again."""


@pytest.fixture
def made(cli: Cli) -> Iterator[list[tuple[str, str]]]:
    """Collect the keypairs that a test makes; they are deactivated in the end."""
    keypairs: list[tuple[str, str]] = []
    yield keypairs
    for access_key, _ in keypairs:
        cli.run("keypair", "deactivate", access_key)


def _answers(client: SignedClient, keypair: tuple[str, str], status: int) -> Response:
    """Ask until the function knows the keypair as it is now, and answers with a status."""

    def look() -> Response | None:
        response = client.send("GET", "/manager/announcement", keypair=keypair)
        return response if response.status == status else None

    return until(f"the API answers with {status}", look, WAIT_SECONDS)


def test_a_new_superadmin_may_call(cli: Cli, client: SignedClient, made: list[tuple[str, str]]) -> None:
    """A new superadmin's keypair is accepted within seconds, is listed, and its secret is not."""
    made.append(cli.keypair())
    _answers(client, made[0], 200)
    listed = cli.run("keypair", "list").out
    access_key, secret_key = made[0]
    assert access_key in listed
    assert secret_key not in listed


def test_an_inactive_one_is_refused(cli: Cli, client: SignedClient) -> None:
    """A keypair that was deactivated before it was used gets 401."""
    keypair = cli.keypair()
    cli.deactivate(keypair[0])
    assert _answers(client, keypair, 401).document["error_code"] == "user_auth_unauthorized"


def test_other_roles_are_forbidden(cli: Cli, client: SignedClient, made: list[tuple[str, str]]) -> None:
    """A user's keypair is known but may not manage notifications."""
    made.append(cli.keypair("--role", "user"))
    assert _answers(client, made[0], 403).document["error_code"] == "backendai_generic_forbidden"


def test_roles_are_enforced(
    cli: Cli, stack: Stack, client: SignedClient, made: list[tuple[str, str]]
) -> None:
    """A viewer may read, and is told which role it needs to change anything."""
    made.append(cli.keypair("--role", "viewer", "--name", "dashboard", "--expires", "1h"))
    _answers(client, made[0], 200)
    refused = client.send("POST", "/notifications/channels", {}, keypair=made[0])
    assert refused.status == 403
    assert refused.document["data"] == {"needed": "editor", "role": "viewer"}
    endpoint = stack.settings()["BACKEND_ENDPOINT"]
    keys = {"BACKEND_ACCESS_KEY": made[0][0], "BACKEND_SECRET_KEY": made[0][1]}
    told = cli.run("whoami", BACKEND_ENDPOINT=endpoint, **keys).out
    assert "\nName: dashboard\nRole: viewer\n" in told


def test_the_last_superadmin_stays(cli: Cli, stack: Stack) -> None:
    """The only active superadmin cannot be deactivated, so nobody locks everybody out."""
    ran = cli.run("keypair", "deactivate", stack.settings()["BACKEND_ACCESS_KEY"], "--yes")
    assert ran.code == 1, ran
    assert cli.run("channel", "list").code == 0
