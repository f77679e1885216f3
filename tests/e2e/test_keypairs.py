"""Who may call the API: keypairs and their roles, managed by whoever has access to the secret."""

import re
import time
from collections.abc import Iterator

import pytest
import requests

from local.stack import Stack
from notifications.store.keypairs import REFRESH_SECONDS
from tests.stack.cli import Cli
from tests.stack.client import call


@pytest.fixture
def made(cli: Cli, stack: Stack) -> Iterator[list[dict[str, str]]]:
    """Collect the settings of keypairs that a test makes; they are deactivated in the end."""
    keypairs: list[dict[str, str]] = []
    yield keypairs
    for keypair in keypairs:
        cli.run("keypair", "deactivate", keypair["BACKEND_ACCESS_KEY"], **stack.aws_env())


def _create(cli: Cli, stack: Stack, *options: str) -> dict[str, str]:
    ran = cli.run("keypair", "create", *options)
    access_key = re.search(r"AKIA[A-Z2-7]{16}", ran.out)
    secret_key = re.search(r'"secret_key": "([^"]+)"', ran.out)
    assert access_key is not None, ran
    assert secret_key is not None, ran
    return stack.settings() | {"BACKEND_ACCESS_KEY": access_key[0], "BACKEND_SECRET_KEY": secret_key[1]}


def _answer(stack: Stack, settings: dict[str, str], status: int) -> requests.Response:
    """Ask until the function reads the secret anew, which a wrong signature makes it do."""
    deadline = time.monotonic() + 5 * REFRESH_SECONDS
    while True:
        answer = call(stack, "GET", "/manager/announcement", settings=settings)
        if answer.status_code == status or time.monotonic() > deadline:
            return answer
        time.sleep(0.1)


def test_a_new_superadmin_may_call(cli: Cli, stack: Stack, made: list[dict[str, str]]) -> None:
    """A new superadmin's keypair is accepted within seconds, is listed, and its secret is not."""
    made.append(_create(cli, stack))
    assert _answer(stack, made[0], 200).status_code == 200
    listed = cli.run("keypair", "list").out
    assert made[0]["BACKEND_ACCESS_KEY"] in listed
    assert made[0]["BACKEND_SECRET_KEY"] not in listed


def test_an_inactive_one_is_refused(cli: Cli, stack: Stack) -> None:
    """A keypair that was deactivated before it was used gets 401."""
    settings = _create(cli, stack)
    assert cli.run("keypair", "deactivate", settings["BACKEND_ACCESS_KEY"]).code == 0
    refused = _answer(stack, settings, 401)
    assert (refused.status_code, refused.json()["error_code"]) == (401, "user_auth_unauthorized")


def test_other_roles_are_forbidden(cli: Cli, stack: Stack, made: list[dict[str, str]]) -> None:
    """A user's keypair is known but may not manage notifications."""
    made.append(_create(cli, stack, "--role", "user"))
    forbidden = _answer(stack, made[0], 403)
    assert (forbidden.status_code, forbidden.json()["error_code"]) == (403, "backendai_generic_forbidden")


def test_the_last_superadmin_stays(cli: Cli, stack: Stack) -> None:
    """The only active superadmin cannot be deactivated, so nobody locks everybody out."""
    ran = cli.run("keypair", "deactivate", stack.settings()["BACKEND_ACCESS_KEY"], "--yes")
    assert ran.code == 1, ran
    assert cli.run("channel", "list").code == 0
