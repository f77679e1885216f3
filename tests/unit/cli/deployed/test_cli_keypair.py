"""backend.ai notification keypair, against moto's AWS."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backendai_notification_cli.aws import keypairs
from tests.unit.cli.deployed.stack import FIRST, STACK, stored

pytestmark = pytest.mark.slow


KEYPAIR = ("notification", "keypair")
Run = Callable[..., Any]


def test_create_list_deactivate(aws: Any, run: Run) -> None:
    """A new keypair is stored and shown with its secret once; the list never shows secrets."""
    created = run(*KEYPAIR, "create", "--role", "user", "--name", "a bridge", "--stack-name", STACK)
    assert created.exit_code == 0, created.stderr
    record = json.loads(created.stdout)
    assert re.fullmatch("AKIA[A-Z2-7]{16}", record["access_key"])
    assert re.fullmatch("[A-Za-z0-9_-]{40}", record["secret_key"])
    assert stored(aws) == {"keypairs": [record], "first_active": True}

    listed = run(*KEYPAIR, "list", "--stack-name", STACK)
    assert listed.stdout == (
        f"Access key: AKIAFIRST\nName: \nRole: admin\nUser ID: {FIRST['user_id']}\n"
        "Active: True\nExpires: never\n---\n"
        f"Access key: {record['access_key']}\nName: a bridge\nRole: user\n"
        f"User ID: {record['user_id']}\nActive: True\nExpires: never\n---\n"
    )

    done = run(*KEYPAIR, "deactivate", record["access_key"], "--stack-name", STACK)
    assert done.stderr == f"✓ Keypair deactivated: {record['access_key']}\n"
    assert stored(aws) == {"keypairs": [{**record, "active": False}], "first_active": True}


def test_a_role_has_one_word(aws: Any, run: Run) -> None:
    """Backend.AI's superadmin is stored as such and told as the admin that `whoami` says it is."""
    created = run(*KEYPAIR, "create", "--role", "superadmin", "--stack-name", STACK)
    listed = run(*KEYPAIR, "list", "--stack-name", STACK, "--jq", ".[].role")
    assert (json.loads(created.stdout)["role"], listed.stdout) == ("admin", "admin\nadmin\n")
    assert stored(aws)["keypairs"][0]["role"] == "superadmin"


def test_a_secret_that_is_not_printed_is_warned_of(aws: Any, run: Run) -> None:
    """Nobody is told to keep a secret key that an option has left out of the output."""
    quiet = run(*KEYPAIR, "create", "--stack-name", STACK, "-q")
    key = stored(aws)["keypairs"][0]["access_key"]
    assert (quiet.stdout, quiet.stderr) == (
        f"{key}\n",
        f"! The secret key was not printed: deactivate {key} and create another keypair\n",
    )
    whole = run(*KEYPAIR, "create", "--stack-name", STACK, "--json", "access_key,secret_key")
    assert whole.stderr.endswith("Keep the secret key: it is not shown again.\n")


def test_user_id_is_checked(aws: Any, run: Run) -> None:
    """A given user id is used; one that is not a UUID is refused."""
    user = "7d2f8c3e-8f3b-4b54-9d1e-0a4e2f7c9b11"
    run(*KEYPAIR, "create", "--user-id", user, "--stack-name", STACK)
    assert stored(aws)["keypairs"][0]["user_id"] == user
    result = run(*KEYPAIR, "create", "--user-id", "me", "--stack-name", STACK)
    assert result.stderr.startswith("✗ 'me' is not a user ID")


def test_last_admin_stays(aws: Any, run: Run) -> None:
    """The last active admin cannot be deactivated, and an unknown key is an error."""
    run(*KEYPAIR, "create", "--role", "user", "--stack-name", STACK)
    result = run(*KEYPAIR, "deactivate", "AKIAFIRST", "--stack-name", STACK)
    assert (result.exit_code, stored(aws)["first_active"]) == (1, True)
    assert "AKIAFIRST is the last active admin" in result.stderr
    assert (
        run(*KEYPAIR, "deactivate", "AKIANONE", "--stack-name", STACK).stderr
        == "✗ There is no keypair AKIANONE: expected an access key, as 'keypair list' shows it\n"
    )


def test_first_admin_can_be_replaced(aws: Any, run: Run) -> None:
    """With another active admin the first one can be deactivated; its own secret stays as it is."""
    run(*KEYPAIR, "create", "--stack-name", STACK)
    assert run(*KEYPAIR, "deactivate", "AKIAFIRST", "--stack-name", STACK).exit_code == 0
    assert stored(aws)["first_active"] is False
    assert "Active: False" in run(*KEYPAIR, "list", "--stack-name", STACK).stdout


def test_roles_and_expiry(aws: Any, run: Run) -> None:
    """A keypair gets the role that is asked for, admin if none is, and ends after the time that is given."""
    begun = datetime.now(UTC)
    run(*KEYPAIR, "create", "--stack-name", STACK)
    run(*KEYPAIR, "create", "--role", "viewer", "--expires", "90d", "--stack-name", STACK)
    admin, viewer = stored(aws)["keypairs"]
    assert (admin["role"], "expires_at" in admin, viewer["role"]) == ("admin", False, "viewer")
    lasts = datetime.fromisoformat(viewer["expires_at"]) - begun
    assert timedelta(days=90) <= lasts < timedelta(days=90, minutes=5)
    assert f"Role: viewer\nUser ID: {viewer['user_id']}\nActive: True\nExpires: {viewer['expires_at']}\n" in (
        run(*KEYPAIR, "list", "--stack-name", STACK).stdout
    )


def test_an_expired_admin_does_not_count(aws: Any, run: Run) -> None:
    """The first admin stays while the only other one has expired; the list says that it has."""
    ended = keypairs.new("admin", None, None, datetime.now(UTC) - timedelta(seconds=1))
    aws.put_secret_value(SecretId="keypairs", SecretString=json.dumps({"keypairs": [ended]}))
    assert "(expired)\n" in run(*KEYPAIR, "list", "--stack-name", STACK).stdout
    result = run(*KEYPAIR, "deactivate", "AKIAFIRST", "--stack-name", STACK)
    assert "AKIAFIRST is the last active admin" in result.stderr


@pytest.mark.parametrize(
    ("text", "told"),
    [("2020-01-01", "Expires: 2020-01-01 (expired)"), ("soon", "✗ The keypair AKIAENDS has 'soon' in")],
)
def test_ends_that_were_written_by_hand(aws: Any, run: Run, text: str, told: str) -> None:
    """An end without a zone is in UTC, as for the service; what is no time is told with its keypair."""
    ends = {**FIRST, "access_key": "AKIAENDS", "expires_at": text}
    aws.put_secret_value(SecretId="keypairs", SecretString=json.dumps({"keypairs": [ends]}))
    assert told in run(*KEYPAIR, "list", "--stack-name", STACK).output


@pytest.mark.parametrize(
    ("text", "told"),
    [("soon", "is not an end"), ("0d", "is not an end"), ("2020-01-01", "is over already")],
)
def test_ends_are_checked(run: Run, text: str, told: str) -> None:
    """An end that is none, or that is over, is refused in words."""
    result = run(*KEYPAIR, "create", "--expires", text, "--stack-name", STACK)
    assert result.exit_code == 2
    assert f"Error: Invalid value for '--expires': '{text}' {told}" in result.stderr


@pytest.mark.parametrize(("answer", "code"), [("n\n", 1), ("\n", 1), ("y\n", 0)])
def test_the_keypair_in_use_is_asked_about(
    aws: Any, run: Run, monkeypatch: pytest.MonkeyPatch, answer: str, code: int
) -> None:
    """Who deactivates the keypair that the command line uses is asked first, and says yes or does not."""
    module = "backendai_notification_cli.commands.notification.keypair.deactivate"
    monkeypatch.setattr(f"{module}.can_ask_for_confirmation", lambda: True)
    run(*KEYPAIR, "create", "--stack-name", STACK)
    run("configure", "--stack-name", STACK)
    result = run(*KEYPAIR, "deactivate", "AKIAFIRST", stdin=answer)
    assert result.exit_code == code
    assert "is the keypair that this command line uses" in result.stderr
    assert ("✗ Nothing was deactivated" in result.stderr) == (code == 1)
    assert stored(aws)["first_active"] is (code == 1)


def test_nobody_can_be_asked(aws: Any, run: Run) -> None:
    """Without a terminal the keypair in use is deactivated with --yes only."""
    run(*KEYPAIR, "create", "--stack-name", STACK)
    run("configure", "--stack-name", STACK)
    result = run(*KEYPAIR, "deactivate", "AKIAFIRST", stdin="y\n")
    assert (result.exit_code, stored(aws)["first_active"]) == (1, True)
    assert "give --yes" in result.stderr
    assert run(*KEYPAIR, "deactivate", "AKIAFIRST", "--yes").exit_code == 0


@pytest.mark.parametrize("name", ["", " ", "a\nb", "x" * 129, "\x1b[2J"])
def test_names_are_checked(run: Run, name: str) -> None:
    """A name that could not be shown on a line is refused in words."""
    result = run(*KEYPAIR, "create", "--name", name, "--stack-name", STACK)
    assert (result.exit_code, "A keypair's name has" in result.stderr) == (2, True)


def test_secret_of_another_shape(aws: Any, run: Run) -> None:
    """A secret that holds something else is told."""
    aws.put_secret_value(SecretId="keypairs", SecretString="[]")
    result = run(*KEYPAIR, "list", "--stack-name", STACK)
    assert result.exit_code == 1
    assert result.stderr.endswith("holds no keypair\n")


def test_keypair_without_any_stack(run: Run) -> None:
    """Without a stack name anywhere the error says where it could come from."""
    assert run(*KEYPAIR, "list").stderr.startswith("✗ No stack is known: pass --stack-name")


@pytest.mark.usefixtures("aws")
def test_keypair_uses_the_configured_stack(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """After `configure` the keypair commands need neither the stack's name nor its region."""
    run("configure", "--stack-name", STACK)
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    assert run(*KEYPAIR, "list").stdout.startswith("Access key: AKIAFIRST\n")
