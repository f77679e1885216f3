"""The bridge as a process: from Valkey to the bus, over deaths."""

import json
import random
import re
import sys
import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from valkey.exceptions import AuthenticationError
from valkey.exceptions import ConnectionError as NoConnection

from backendai_notification_bridge.cli import main
from backendai_notification_bridge.cli.run import endpoint_of
from backendai_notification_bridge.reading.connection import Connections
from backendai_notification_bridge.settings import load
from local.bridge_process import BridgeProcess, entry, reading
from local.common import free_port
from local.recordings import add_command, burst
from local.valkey import Sentinel, Valkey
from local.waiting import until
from tests.cloud.bus import Bus
from tests.integration.bridge.conftest import Bridges
from tests.integration.bridge.tls import encrypted

TAKEOVER_SECONDS = 15.0


def names(bus: Bus) -> list[str]:
    """Return what the events that were taken are about."""
    return [json.loads(each["Detail"])["artifact_name"] for each in bus.entries]


def wanted(count: int) -> set[str]:
    """Return what they must be about."""
    return {f"model-{number}" for number in range(count)}


def start(bridge: BridgeProcess, valkey: Valkey, bridges: int = 1) -> None:
    """Start one and wait until it reads."""
    bridge.start()
    until("it reads", lambda: reading(valkey.client(), bridges))


def test_entries_become_events_and_are_seen(valkey: Valkey, bus: Bus, bridges: Bridges) -> None:
    """On the bus, in the metrics, in the health, in stats and tail; and a stop is clean."""
    port = free_port()
    bridge = bridges(valkey, HEALTH__PORT=str(port))
    start(bridge, valkey)
    burst(valkey.client(), [entry(number) for number in range(300)])
    valkey.client().execute_command(*add_command({b"name": b"what_is_this", b"payload": b"{}"}))
    until("all is put", lambda: len(bus.entries) == 300)
    assert set(names(bus)) == wanted(300)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz") as answer:
        assert json.load(answer) == {"status": "ok", "problems": []}
    until("the spool is empty", lambda: bridge.stats()["waiting"]["events"] == 0)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        metrics = answer.read().decode()
    for line in (
        "backendai_notification_bridge_put_total 300.0",
        'backendai_notification_bridge_read_total{via="stream"} 301.0',
        'backendai_notification_bridge_dropped_total{reason="unknown name"} 1.0',
        "backendai_notification_bridge_leads 1.0",
        "backendai_notification_bridge_lag_seconds 0.0",
    ):
        assert line in metrics
    assert bridge.stats()["counters"]["unknown name: what_is_this"] == 1
    assert "-> artifact.download.completed" in re.sub(" +", " ", bridge.ask("tail", "-n", "1").stdout)
    assert bridge.ask("quarantine", "list").stdout == "The quarantine is empty.\n"
    assert bridge.stop() == 0
    assert valkey.client().xinfo_groups("events") == []
    assert all(json.loads(line)["message"] for line in bridge.log.read_text().splitlines())


def test_nothing_readable_is_lost_when_the_bridge_is_killed(
    valkey: Valkey, bus: Bus, bridges: Bridges
) -> None:
    """Again and again, at random moments; what comes twice has the same id."""
    bridge = bridges(valkey)
    start(bridge, valkey)
    count = 0
    for _ in range(3):
        burst(valkey.client(), [entry(number) for number in range(count, count + 100)])
        count += 100
        # Any moment: before it has read, while it makes, while it puts.
        threshold = random.randrange(100)  # noqa: S311
        until("it has begun", lambda: len(bus.entries) >= count - threshold)  # noqa: B023
        bridge.kill()
        bridge.start()
    until("all is put", lambda: set(names(bus)) == wanted(count))
    assert len(set(bus.ids())) == count


def test_the_other_bridge_takes_over(valkey: Valkey, bus: Bus, bridges: Bridges) -> None:
    """Within fifteen seconds of the leader's death; what is put twice has the same id."""
    first, second = bridges(valkey, "first"), bridges(valkey, "second")
    start(first, valkey)
    burst(valkey.client(), [entry(number) for number in range(100)])
    until("the first puts", lambda: len(bus.entries) == 100)
    start(second, valkey, 2)
    burst(valkey.client(), [entry(number) for number in range(100, 200)])
    until("the first puts alone", lambda: len(bus.entries) >= 200)
    until("the second has made them", lambda: second.stats()["waiting"]["events"] == 100)
    assert len(bus.entries) == 200
    first.kill()
    burst(valkey.client(), [entry(number) for number in range(200, 300)])
    until("the second puts", lambda: set(names(bus)) == wanted(300), TAKEOVER_SECONDS)
    assert len(set(bus.ids())) == 300


def test_a_demoted_master_is_left(valkey: Valkey, bus: Bus, bridges: Bridges, tmp_path: Path) -> None:
    """It lives on, and would serve the subscription for ever: stream and channel are read at the new one."""
    with (
        Valkey(tmp_path / "replica", replica_of=valkey.port) as replica,
        Sentinel(tmp_path / "sentinel", valkey) as sentinel,
    ):
        service = {"VALKEY__SENTINEL": f"127.0.0.1:{sentinel.port}", "VALKEY__SERVICE_NAME": "mymaster"}
        bridge = bridges(**service)
        start(bridge, valkey)
        burst(valkey.client(), [entry(number) for number in range(100)])
        until("all is put", lambda: len(bus.entries) == 100)
        until("the replica follows", sentinel.sees_replica)
        sentinel.client(0).execute_command("SENTINEL", "FAILOVER", "mymaster")
        until("it is promoted", lambda: replica.client().role()[0] == b"master")
        until("it is listened to", lambda: replica.client().pubsub_numsub("events_all")[0][1] == 1)
        assert valkey.client().pubsub_numsub("events_all")[0][1] == 0
        until("it is read", lambda: reading(replica.client()))
        burst(replica.client(), [entry(number) for number in range(100, 200)])
        until("all is put", lambda: set(names(bus)) == wanted(200))
    assert len(bus.ids()) == 200


def test_a_password_over_tls(valkey: Valkey, bus: Bus, bridges: Bridges, tmp_path: Path) -> None:
    """Both are used; a certificate of an unknown authority, or a wrong password, is not accepted."""
    valkey.stop()
    valkey.password = "sesame"
    valkey.start()
    with encrypted(valkey.port, tmp_path) as (port, authority):
        settings = {"VALKEY__ADDR": f"localhost:{port}", "VALKEY__USE_TLS": "true"}
        bridge = bridges(VALKEY__PASSWORD="sesame", VALKEY__CA_FILE=str(authority), **settings)
        start(bridge, valkey)
        burst(valkey.client(), [entry(1)])
        until("it is put", lambda: names(bus) == ["model-1"])
        bridge.stop()
        endpoint = endpoint_of(load(None, valkey__addr=f"localhost:{port}", bus__name="x").valkey)
        with pytest.raises(AuthenticationError):
            Connections(replace(endpoint, use_tls=True, ca_file=authority, password="open")).open(4)
        with pytest.raises(NoConnection, match="certificate verify failed"):
            Connections(replace(endpoint, use_tls=True, password="sesame")).open(4)
        Connections(replace(endpoint, use_tls=True, tls_skip_verify=True, password="sesame")).open(4).close()


def test_a_dry_run_shows_events_and_leaves_nothing(valkey: Valkey, bus: Bus, bridges: Bridges) -> None:
    """Nothing is put, nobody is kept from leading, and there is no spool."""
    bridge = bridges(valkey)
    bridge.start("--dry-run")
    until("it reads", lambda: reading(valkey.client()))
    burst(valkey.client(), [entry(1)])
    output = bridge.directory / "output"
    until("it is shown", lambda: bool(output.read_text()))
    shown = json.loads(output.read_text())
    assert (shown["type"], shown["detail"]["artifact_name"]) == ("artifact.download.completed", "model-1")
    assert valkey.client(15).keys() == []
    assert bridge.stop() == 0
    assert bus.entries == []
    ended = bridge.ask("stats")
    assert (ended.returncode, ended.stderr[:24]) == (1, "Error: There is no spool")


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({}, "valkey"),
        ({"VALKEY__ADDR": "here"}, "valkey.addr"),
        ({"VALKEY__ADDR": "127.0.0.1:1", "SPOOL__FILE": "/dev/null/spool.db"}, "spool.file"),
        ({"VALKEY__ADDR": "127.0.0.1:1", "BUS__REGION": "not a region"}, "bus.region"),
        ({"VALKEY__ADDR": "127.0.0.1:1", "BUS__ENDPOINT_URL": "nonsense"}, "bus.endpoint_url"),
        ({"VALKEY__ADDR": "127.0.0.1:1", "HEALTH__PORT": "80", "HEALTH__HOST": "192.0.2.1"}, "health.port"),
    ],
)
def test_wrong_settings_end_the_start_with_one_line(
    bridges: Bridges, monkeypatch: pytest.MonkeyPatch, more: dict[str, str], told: str
) -> None:
    """Which names the setting."""
    assert refusal(bridges(**more).environment, monkeypatch).startswith(f"Error: {told}")


def refusal(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> str:
    """Start one that must not run; return the one line that it tells."""
    monkeypatch.setattr(sys.modules[endpoint_of.__module__], "log_to_stderr", lambda: None)
    ended = CliRunner().invoke(main, ["run"], env=environment)
    (line,) = ended.stderr.splitlines()
    assert ended.exit_code == 1
    return line


@pytest.mark.parametrize("name", ["database", "lock_database"])
def test_a_database_that_valkey_does_not_have_ends_the_start(
    valkey: Valkey, bridges: Bridges, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """It would look like a Valkey that is away, for ever."""
    more = {f"VALKEY__{name.upper()}": "99"}
    line = refusal(bridges(valkey, **more).environment, monkeypatch)
    assert line.startswith(f"Error: valkey.{name}: Valkey has no database 99")


def test_aws_settings_that_are_missing_end_the_start(
    bridges: Bridges, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A region, or the profile that AWS's own variable names; ``policy`` does without."""
    environment = bridges(VALKEY__ADDR="127.0.0.1:1").environment
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        environment.pop(name, None)
        monkeypatch.delenv(name, raising=False)
    nowhere = {**environment, "BACKENDAI_BRIDGE_BUS__REGION": ""}
    assert refusal(nowhere, monkeypatch).startswith("Error: bus.region: You must specify a region")
    profile = {**environment, "AWS_PROFILE": "missing"}
    told = "Error: bus: boto3 cannot be set up: The config profile (missing)"
    assert refusal(profile, monkeypatch).startswith(told)
    assert "events:PutEvents" in CliRunner().invoke(main, ["policy"], env=profile).stdout
