"""Settings come from flags, environment, file and the manager's own ``[redis]``; a wrong one is named."""

import os
from pathlib import Path
from typing import Any

import pytest

from backendai_notification_bridge.core.context import CONTEXT_FIELDS
from backendai_notification_bridge.core.errors import WrongSettings
from backendai_notification_bridge.settings import PREFIX, Settings, load

WHOLE: dict[str, Any] = {"valkey__addr": "127.0.0.1:6379", "bus__name": "notification-events"}
KEYPAIR = {
    "manager__endpoint": "https://api.example.com/",
    "manager__access_key": "A",
    "manager__secret_key": "s",
}


@pytest.fixture(autouse=True)
def _no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith(PREFIX):
            monkeypatch.delenv(name)


def toml(path: Path, text: str) -> Path:
    """Write a file of settings."""
    file = path / f"{len(list(path.iterdir()))}.toml"
    file.write_text(text, "utf-8")
    return file


def refused(file: Path | None = None, **flags: Any) -> str:
    """Return what is said of wrong settings."""
    with pytest.raises(WrongSettings) as caught:
        load(file, **flags)
    assert "\n" not in caught.value.reason
    return caught.value.reason


def test_little_is_needed() -> None:
    """A server and a bus; the rest is as documented."""
    settings = load(None, **WHOLE)
    assert (settings.valkey.database, settings.valkey.lock_database, settings.valkey.start) == (4, 15, "new")
    assert (settings.spool.max_bytes, settings.health.port) == (2**30, 8118)
    assert settings.sessions() is None
    assert settings.options().context_fields == CONTEXT_FIELDS


def test_flags_precede_the_environment_and_that_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each setting alone: what one source does not say, the next one may."""
    file = toml(
        tmp_path,
        'bus = {name = "file", region = "file", endpoint_url = "file"}\n'
        'valkey.addr = "file:1"\nhealth.port = 1\n',
    )
    monkeypatch.setenv("BACKENDAI_BRIDGE_BUS__NAME", "environment")
    monkeypatch.setenv("BACKENDAI_BRIDGE_BUS__REGION", "environment")
    monkeypatch.setenv("BACKENDAI_BRIDGE_HEALTH__PORT", "")
    settings = load(file, bus__name="flag", valkey__addr=None)
    assert (settings.bus.name, settings.bus.region, settings.bus.endpoint_url) == (
        "flag",
        "environment",
        "file",
    )
    assert (settings.valkey.addr, settings.health.port) == ("file:1", 1)


_SENTINEL = {"sentinel": ("a:26379", "b:26379"), "service_name": "m"}
MANAGERS_OWN: list[tuple[list[str], dict[str, Any]]] = [
    (['addr = "v:6379"'], {"addr": "v:6379"}),
    (['addr = {host = "v", port = 6379}'], {"addr": "v:6379"}),
    (['sentinel = "a:26379, b:26379"', 'service_name = "m"', 'sentinel_password = "q"'], _SENTINEL),
    (['sentinel = ["a:26379", "b:26379"]', 'service-name = "m"', 'addr = "old:1"'], _SENTINEL),
    (
        ['service-name = "m"', "[[redis.sentinel]]", 'host = "a"', "port = 1"],
        {"sentinel": ("a:1",), "service_name": "m"},
    ),
    (
        [
            'addr = "v:1"',
            "[redis.override-configs.stream]",
            'addr = "s:2"',
            'password = "p"',
            "use_tls = true",
            "tls-skip-verify = true",
        ],
        {"addr": "s:2", "use_tls": True, "tls_skip_verify": True},
    ),
    (
        ['addr = "v:1"', "request-timeout = 5", "[redis.redis-helper-config]", "socket_timeout = 1.0"],
        {"addr": "v:1"},
    ),
]


@pytest.mark.parametrize(("lines", "expected"), MANAGERS_OWN)
def test_the_managers_own_redis_table_is_read(
    lines: list[str], expected: dict[str, Any], tmp_path: Path
) -> None:
    """In the bridge's file or in the manager's, as any release writes it."""
    text = "\n".join(["[redis]", 'password = "p"', *lines])
    own = load(toml(tmp_path, text), bus__name="b")
    others = load(toml(tmp_path, f'redis_from = "{toml(tmp_path, text)}"'), bus__name="b")
    flagged = load(None, redis_from=str(toml(tmp_path, text)), bus__name="b")
    for settings in (own, others, flagged):
        assert settings.valkey.model_dump(include=set(expected)) == expected
        assert settings.valkey.password
        assert settings.valkey.password.get_secret_value() == "p"


def test_an_address_of_ones_own_precedes_the_managers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another way to the same server, say through a tunnel, keeps the manager's password."""
    text = '[redis]\nsentinel = "a:1"\nservice_name = "m"\npassword = "p"\n'
    settings = load(toml(tmp_path, text), valkey__addr="tunnel:1", bus__name="b")
    assert (settings.valkey.addr, settings.valkey.sentinel) == ("tunnel:1", ())
    assert settings.valkey.password
    monkeypatch.setenv("BACKENDAI_BRIDGE_VALKEY__ADDR", "tunnel:2")
    assert load(toml(tmp_path, text), bus__name="b").valkey.addr == "tunnel:2"


def test_sentinels_come_as_words_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """With commas between them, as in the manager's own settings."""
    monkeypatch.setenv("BACKENDAI_BRIDGE_VALKEY__SENTINEL", "a:1,[::1]:2")
    monkeypatch.setenv("BACKENDAI_BRIDGE_VALKEY__SERVICE_NAME", "m")
    assert load(None, bus__name="b").valkey.sentinel == ("a:1", "[::1]:2")


@pytest.mark.parametrize(
    ("flags", "named"),
    [
        ({"valkey__addr": None}, "valkey.addr"),
        ({"bus__name": None}, "bus.name"),
        ({"valkey__addr": "localhost"}, "valkey.addr"),
        ({"valkey__addr": "redis://:hunter2@localhost"}, "valkey.addr"),
        ({"valkey__addr": "localhost:0"}, "valkey.addr"),
        ({"valkey__addr": "localhost:65536"}, "valkey.addr"),
        ({"valkey__sentinel": "a:1", "valkey__addr": None}, "service_name"),
        ({"valkey__sentinel": "a:1", "valkey__service_name": "m"}, "either addr"),
        ({"valkey__adr": "a:1"}, "valkey.adr: there is no such setting"),
        ({"nonsense": "1"}, "nonsense: there is no such setting"),
        ({"manager__endpoint": "https://m"}, "access_key is missing"),
        ({**KEYPAIR, "manager__endpoint": "http://"}, "manager.endpoint: must have a host"),
        ({**KEYPAIR, "manager__endpoint": "http://m:0"}, "manager.endpoint: must have a host"),
        ({**KEYPAIR, "manager__ca_file": "/nowhere/ca.pem"}, "manager.ca_file: no certificates"),
        ({"valkey__ca_file": "/nowhere/ca.pem"}, "valkey.ca_file: no certificates"),
        ({"redis_from": "/nowhere/manager.toml"}, "redis_from: /nowhere/manager.toml: No such file"),
        ({**KEYPAIR, "manager__endpoint": "api.example.com"}, "manager.endpoint"),
        ({**KEYPAIR, "manager__secret_key": ""}, "secret_key is missing"),
        ({"spool__max_bytes": "1"}, "spool.max_bytes"),
        ({"health__port": "70000"}, "health.port"),
        ({"context__fields": "project,emial"}, "'emial'"),
        ({"valkey__start": "yesterday"}, "valkey.start"),
    ],
)
def test_a_wrong_setting_is_named(flags: dict[str, Any], named: str) -> None:
    """One line with the setting's name, and never with its value if that may be secret."""
    reason = refused(**(WHOLE | flags))
    assert named in reason
    assert "hunter2" not in reason


@pytest.mark.parametrize("name", ["BACKENDAI_BRIDGE_VALKY__ADDR", "BACKENDAI_BRIDGE_VALKEY__ADR"])
def test_a_slip_in_the_environment_does_not_go_unnoticed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable with our prefix that sets nothing is refused."""
    monkeypatch.setenv(name, "a:1")
    assert "there is no such setting" in refused(**WHOLE)
    monkeypatch.delenv(name)
    monkeypatch.setenv("BACKENDAI_BRIDGE_CONFIG", "it names the file")
    assert load(None, **WHOLE)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """Missing, no TOML, or the manager's, with an address that is none."""
    assert str(tmp_path / "no.toml") in refused(tmp_path / "no.toml", **WHOLE)
    file = toml(tmp_path, "= 5")
    assert str(file) in refused(file, **WHOLE)
    assert "redis" in refused(toml(tmp_path, "[redis]\naddr = 5\n"), bus__name="b")


@pytest.mark.parametrize(
    "text",
    [
        "valkey = 5",
        "bus = 5",
        "redis_from = 5",
        "redis_from = []",
        "redis = 5",
        "redis.sentinel = 5",
        "redis.sentinel = [5]",
        "redis.sentinel = [{host = 1}]",
        "redis.override-configs = 5",
        "redis.override-configs.stream = 5",
        "redis.addr = {host = 'h', port = 'p'}",
        "redis.addr = 'h:1'\nredis.password = 5",
        "valkey.addr = 5",
        "valkey.sentinel = 5",
        "context.fields = 5",
        "context.fields = [5]",
        "manager = []",
    ],
)
def test_settings_of_another_kind_are_named(text: str, tmp_path: Path) -> None:
    """A number where a table, a text or a list should be ends as every other wrong setting does."""
    assert ": " in refused(toml(tmp_path, text))
    other = toml(tmp_path, "[system]\n")
    assert f"redis_from: {other} has no [redis]" in refused(redis_from=other, bus__name="b")


def test_the_context_can_be_limited_and_switched_off() -> None:
    """As the list says, or not at all."""
    limited = load(None, **WHOLE, context__fields="project, image").options()
    assert limited.context_fields == {"project", "image"}
    assert load(None, **WHOLE, context__enabled="false").options().context_fields == frozenset()


def test_secrets_are_not_shown() -> None:
    """Neither in a text of the settings nor in their dump."""
    settings: Settings = load(None, **WHOLE, **KEYPAIR, valkey__password="hunter2")
    assert "hunter2" not in repr(settings) + settings.model_dump_json()
    assert settings.sessions() is not None
