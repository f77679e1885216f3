"""Who may call the API: keypairs and their roles, managed by whoever has access to the secret."""

import json
import re

from local.stack import Stack
from tests.e2e.cli import Cli
from tests.e2e.client import call


def _create(cli: Cli, *options: str) -> dict[str, str]:
    ran = cli.run("keypair", "create", *options)
    assert ran.code == 0, ran
    access_key = re.search(r"AKIA[A-Z2-7]{16}", ran.out + ran.err)
    secret_key = re.search(r'"secret_key": "([^"]+)"', ran.out)
    assert access_key is not None, ran
    assert secret_key is not None, ran
    return {"BACKEND_ACCESS_KEY": access_key[0], "BACKEND_SECRET_KEY": secret_key[1]}


def test_a_new_superadmin_works_at_once_until_it_is_deactivated(cli: Cli, stack: Stack) -> None:
    """A new superadmin's keypair is accepted, its user is the creator, and deactivated it gets 401."""
    settings = stack.settings() | _create(cli)
    made = cli.run("channel", "create", "by another", "https://receiver.example.com/", **settings)
    assert made.code == 0, made
    listed = cli.run("keypair", "list").out
    assert json.loads(made.out)["created_by"] in listed
    assert settings["BACKEND_SECRET_KEY"] not in listed
    assert cli.run("keypair", "deactivate", settings["BACKEND_ACCESS_KEY"]).code == 0
    # This function has not seen the keypair while it was active, so nothing is left to expire.
    refused = call(stack, "GET", "/manager/announcement", settings=settings)
    assert (refused.status_code, "not active" in refused.json()["msg"]) == (401, True), refused.text


def test_other_roles_are_forbidden(cli: Cli, stack: Stack) -> None:
    """A user's keypair is known but may not manage notifications."""
    settings = stack.settings() | _create(cli, "--role", "user")
    ran = cli.run("channel", "list", **settings)
    assert (ran.code, "superadmin" in ran.err) == (1, True), ran


def test_the_last_superadmin_stays(cli: Cli, stack: Stack) -> None:
    """The only active superadmin can not be deactivated, so nobody locks everybody out."""
    ran = cli.run("keypair", "deactivate", stack.settings()["BACKEND_ACCESS_KEY"])
    assert ran.code == 1, ran
    assert cli.run("channel", "list").code == 0
