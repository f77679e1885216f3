"""Whether make up says that commands go to another stack."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from backendai_notification_cli.http import envfile, profiles
from local.elsewhere import elsewhere

HERE = {"BACKEND_ENDPOINT": "http://local", "BACKEND_ACCESS_KEY": "AKIA1", "BACKEND_SECRET_KEY": "s"}


@pytest.fixture
def stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Have a local stack, and nothing else."""
    for name in ("BACKEND_ENDPOINT", "BACKEND_ACCESS_KEY", "BACKEND_SECRET_KEY", profiles.VARIABLE):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    path = tmp_path / "env"
    path.write_text(envfile.dump(HERE))
    monkeypatch.setenv("NOTIFICATION_LOCAL_ENV", str(path))
    return SimpleNamespace(env_file=path, settings=lambda: HERE)


def test_nothing_is_said_of_what_is_so(stack: Any) -> None:
    """Nothing is said while commands go to the local stack."""
    assert elsewhere(stack) is None


def test_a_configured_stack_is_named(stack: Any) -> None:
    """A configured stack that shadows the local one is named, and how the local one is reached."""
    envfile.save(profiles.path("default"), {**HERE, "BACKEND_ENDPOINT": "https://prod"})
    told = elsewhere(stack)
    assert told is not None
    assert told.startswith("! Commands go to https://prod, which comes from the profile 'default' in ")
    assert "--profile local" in told
    profiles.use("local")
    assert elsewhere(stack) is None


def test_settings_that_do_not_work_are_told(stack: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment or a profile that leads nowhere is told, too."""
    monkeypatch.setenv("BACKEND_ENDPOINT", "https://prod")
    assert "missing in the environment; './backend.ai --profile local" in str(elsewhere(stack))
