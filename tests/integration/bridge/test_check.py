"""``check`` names what is missing, one line each, with real servers: Valkey, a manager's stand-in, moto."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from click.testing import CliRunner, Result

from backendai_notification_bridge.cli import main
from local.valkey import Sentinel, Valkey
from tests.integration.bridge.managers import manager

BUS = "check-events"
SUPERADMIN = (200, {"data": {"user": {"email": "a@example.com", "role": "SUPERADMIN"}}})


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    """Start a Valkey with a password, with Backend.AI's stream in it."""
    with Valkey(tmp_path_factory.mktemp("valkey"), password="hunter2") as valkey:
        client = valkey.client(4)
        client.xadd("events", {"name": "do_idle_check", "source": "i-manager01", "payload": "{}"})
        client.close()
        yield valkey


@pytest.fixture
def settings(server: Valkey, tmp_path: Path) -> dict[str, str]:
    """Write settings with which all is well but the manager, which is not set."""
    events = boto3.client("events")
    if not events.list_event_buses(NamePrefix=BUS)["EventBuses"]:
        events.create_event_bus(Name=BUS)
    return {
        "BACKENDAI_BRIDGE_VALKEY__ADDR": f"127.0.0.1:{server.port}",
        "BACKENDAI_BRIDGE_VALKEY__PASSWORD": "hunter2",
        "BACKENDAI_BRIDGE_BUS__NAME": BUS,
        "BACKENDAI_BRIDGE_SPOOL__FILE": str(tmp_path / "spool.db"),
        "BACKENDAI_BRIDGE_MANAGER__ACCESS_KEY": "AKIAEXAMPLE",
        "BACKENDAI_BRIDGE_MANAGER__SECRET_KEY": "secret",
    }


def run(settings: dict[str, str], answer: tuple[int, Any] = SUPERADMIN, **changes: str) -> Result:
    """Check, with a manager that answers so."""
    with manager(answer) as api:
        environment = settings | {"BACKENDAI_BRIDGE_MANAGER__ENDPOINT": api.url}
        environment |= {f"BACKENDAI_BRIDGE_{name}": value for name, value in changes.items()}
        result = CliRunner().invoke(main, ["check"], env=environment)
    assert "hunter2" not in result.output
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_all_is_there(settings: dict[str, str], server: Valkey) -> None:
    """Each look has a line with a tick, and nothing stays on the server."""
    result = run(settings)
    assert [line[0] for line in result.output.splitlines()] == ["✓"] * 7
    assert result.exit_code == 0
    assert server.client(4).keys("*") == [b"events"]
    assert server.client(15).keys("*") == []


@pytest.mark.parametrize(
    ("changes", "mark", "said"),
    [
        ({"VALKEY__PASSWORD": "wrong"}, "✗", "Valkey: "),
        ({"VALKEY__ADDR": "127.0.0.1:1"}, "✗", "Valkey: "),
        ({"VALKEY__DATABASE": "5"}, "!", "Stream: there is no 'events'"),
        ({"VALKEY__LOCK_DATABASE": "99"}, "✗", "Lock: database 99: "),
        ({"VALKEY__USE_TLS": "true"}, "✗", "Valkey: "),
        ({"SPOOL__FILE": "/nowhere/spool.db"}, "✗", "Spool: /nowhere: No such file"),
        ({"SPOOL__MAX_BYTES": str(2**60)}, "!", "spool.max_bytes"),
    ],
)
def test_what_is_missing_is_named(
    settings: dict[str, str], changes: dict[str, str], mark: str, said: str
) -> None:
    """One line with what the server said; only what the bridge cannot do without ends with 1."""
    result = run(settings, SUPERADMIN, **changes)
    assert any(line.startswith(mark) and said in line for line in result.output.splitlines()), result.output
    assert result.exit_code == (1 if mark == "✗" else 0)


@pytest.mark.parametrize(
    ("answer", "mark", "said"),
    [
        ((200, {"data": {"user": {"role": "ADMIN"}}}), "!", "its own domain only"),
        ((200, {"data": {"user": {"role": "USER"}}}), "!", "its own sessions only"),
        ((401, {"title": "Credential/signature mismatch."}), "✗", "401 Credential/signature mismatch."),
        ((200, b"<html>"), "✗", "no data"),
    ],
)
def test_the_keypairs_role_is_told(
    settings: dict[str, str], answer: tuple[int, Any], mark: str, said: str
) -> None:
    """What a domain admin's or a user's keypair will not see is a warning, no failure."""
    result = run(settings, answer)
    assert any(line.startswith(f"{mark} Manager: ") and said in line for line in result.output.splitlines())
    assert result.exit_code == (1 if mark == "✗" else 0)


def test_the_master_that_sentinel_names_is_looked_at(settings: dict[str, str], tmp_path: Path) -> None:
    """By its service name; one that Sentinel does not know is missing."""
    with Valkey(tmp_path / "master") as master, Sentinel(tmp_path / "sentinel", master) as sentinel:
        place = {"VALKEY__ADDR": "", "VALKEY__PASSWORD": "", "VALKEY__SENTINEL": f"127.0.0.1:{sentinel.port}"}
        found = run(settings, SUPERADMIN, **place, VALKEY__SERVICE_NAME="mymaster")
        assert f"✓ Valkey: 127.0.0.1:{master.port} is the master" in found.output
        unknown = run(settings, SUPERADMIN, **place, VALKEY__SERVICE_NAME="another")
        assert "✗ Valkey: " in unknown.output
        assert unknown.exit_code == 1


def test_without_a_manager_it_is_said_what_will_not_come(settings: dict[str, str]) -> None:
    """It is no failure: some releases need none."""
    rest = {name: value for name, value in settings.items() if "MANAGER" not in name}
    result = CliRunner().invoke(main, ["check"], env=rest | dict.fromkeys(settings.keys() - rest.keys(), ""))
    assert "! Manager: no endpoint and keypair are set" in result.output
    assert result.exit_code == 0


def test_commands_that_an_acl_forbids_are_named(settings: dict[str, str], server: Valkey) -> None:
    """A proxy or an ACL may allow reading alone."""
    client = server.client(4)
    client.execute_command("ACL", "SETUSER", "default", "-xgroup", "-scan")
    try:
        result = run(settings)
    finally:
        client.execute_command("ACL", "SETUSER", "default", "+xgroup", "+scan")
        client.close()
    (line,) = [line for line in result.output.splitlines() if "Commands" in line]
    assert line.startswith("✗")
    assert "XGROUP" in line
    assert "SCAN" in line
    assert "MGET" not in line


def test_a_bus_that_cannot_be_had_comes_with_the_policy(settings: dict[str, str]) -> None:
    """The policy names the bus and the account, and allows nothing but to put events on it."""
    result = run(settings, BUS__ENDPOINT_URL="http://127.0.0.1:1")
    told, _, document = result.output.partition("needs this IAM policy:")
    assert "✗ EventBridge: " in told
    (statement,) = json.loads(document)["Statement"]
    assert statement["Action"] == "events:PutEvents"
    assert statement["Resource"] == f"arn:aws:events:us-east-1:123456789012:event-bus/{BUS}"
    assert result.exit_code == 1


def test_the_policy_can_be_had_alone(settings: dict[str, str]) -> None:
    """For whoever sets the bridge up; an ARN stays as it is."""
    arn = "arn:aws-cn:events:cn-north-1:1:event-bus/b"
    nothing = settings | dict.fromkeys((name for name in settings if "MANAGER" in name), "")
    result = CliRunner().invoke(main, ["policy", "--bus", arn], env=nothing)
    assert json.loads(result.output)["Statement"][0]["Resource"] == arn
    result = CliRunner().invoke(main, ["policy", "--bus", "b", "--region", "us-gov-west-1"], env=nothing)
    assert ":aws-us-gov:events:us-gov-west-1:" in result.output
    result = CliRunner().invoke(main, ["policy", "--valkey", "nonsense"], env=nothing)
    assert (result.exit_code, result.output) == (1, "Error: valkey.addr: must be HOST:PORT\n")
