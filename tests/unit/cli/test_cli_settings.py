"""Where the command line finds the service."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from backendai_notification_cli.errors import CliError
from backendai_notification_cli.http import envfile, profiles, settings

PAIR = {"BACKEND_ACCESS_KEY": "AKIA1", "BACKEND_SECRET_KEY": "s"}


@pytest.fixture
def local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the settings of a local stack."""
    path = tmp_path / "local.env"
    path.write_text(f"# local stack\n{envfile.dump({'BACKEND_ENDPOINT': 'http://local', **PAIR})}")
    monkeypatch.setenv("NOTIFICATION_LOCAL_ENV", str(path))


@pytest.fixture
def configured() -> None:
    """Leave the settings of `configure`."""
    envfile.save(profiles.path("default"), {"BACKEND_ENDPOINT": "https://configured/prod", **PAIR})


@pytest.mark.usefixtures("local", "configured")
def test_environment_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment wins over both files."""
    for key, value in {"BACKEND_ENDPOINT": "https://environment/", **PAIR}.items():
        monkeypatch.setenv(key, value)
    found = settings.load()
    assert (found.endpoint, found.source) == ("https://environment", "the environment")


@pytest.mark.usefixtures("local", "configured")
def test_part_of_the_environment_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment with one of the three variables is used, and what it lacks is named."""
    monkeypatch.setenv("BACKEND_ENDPOINT", "https://environment")
    with pytest.raises(
        CliError, match=r"^BACKEND_ACCESS_KEY and BACKEND_SECRET_KEY missing in the environment$"
    ):
        settings.load()


@pytest.mark.usefixtures("local", "configured")
def test_configured_file_wins_over_the_local_stack() -> None:
    """What `configure` stored wins over the local stack."""
    assert settings.load().endpoint == "https://configured/prod"


@pytest.mark.usefixtures("local")
def test_local_stack() -> None:
    """Without anything else the local stack is used."""
    assert settings.load().endpoint == "http://local"


def test_nothing_configured(run: Callable[..., Any]) -> None:
    """Without any settings the error says how to get some."""
    result = run("notification", "channel", "list")
    assert result.exit_code == 1
    assert result.stderr.startswith("✗ No service is configured: run 'make up'")
    assert "backend.ai configure" in result.stderr


@pytest.mark.parametrize(
    "endpoint", ["localhost:8090", "ftp://host", "https://", "http://h:99999", "http://a b"]
)
def test_endpoint_must_be_a_url(endpoint: str) -> None:
    """An endpoint that is not an http or https URL is refused with its source."""
    with pytest.raises(CliError, match="BACKEND_ENDPOINT in the file is not an http or https URL"):
        settings.from_values({"BACKEND_ENDPOINT": endpoint, **PAIR}, "the file")


def test_secret_is_not_in_the_repr() -> None:
    """Settings never show their secret key."""
    found = settings.Settings("https://h", "AKIA1", "hidden", "x")
    assert "hidden" not in repr(found)


def test_values_survive_the_file(tmp_path: Path) -> None:
    """Values with quotes, spaces and signs come back from the file as they were; only the owner reads it."""
    values = {"A": "it's $HOME #1", "B": "", "C": 'a"b=c'}
    path = tmp_path / "new" / "env"
    envfile.save(path, values)
    assert envfile.load(path) == values
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert [entry.name for entry in path.parent.iterdir()] == ["env"]


@pytest.mark.parametrize("line", ["nonsense", "A='open", "A=b c", "=x"])
def test_broken_file_is_named(line: str) -> None:
    """A line that is not KEY=VALUE is named by its number."""
    with pytest.raises(CliError, match="env, line 2: expected KEY=VALUE"):
        envfile.parse(f"export OK=1\n{line}\n", "env")
