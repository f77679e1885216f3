"""Profiles: several stacks under names, and which of them a command goes to."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from backendai_notification_cli.errors import CliError
from backendai_notification_cli.http import envfile, profiles, settings

PAIR = {"BACKEND_ACCESS_KEY": "AKIA1", "BACKEND_SECRET_KEY": "hidden"}
KEPT = "Access key: AKIA1\nSecret key in: file\n---\n"
TYPES = ("notification", "event-type", "list")
Run = Callable[..., Any]


def store(name: str, endpoint: str, **more: str) -> Path:
    """Store a profile as `configure` does."""
    path = profiles.path(name)
    envfile.save(path, {"BACKEND_ENDPOINT": endpoint, **PAIR, **more})
    return path


@pytest.fixture
def stored() -> None:
    """Have a default profile and another one."""
    store("default", "https://default")
    store("staging", "https://staging")


@pytest.fixture
def local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have a local stack."""
    path = tmp_path / "local.env"
    path.write_text(envfile.dump({"BACKEND_ENDPOINT": "http://local", **PAIR, "NOTIFICATION_STACK": "here"}))
    monkeypatch.setenv("NOTIFICATION_LOCAL_ENV", str(path))
    return path


def reached(run: Run, *args: str) -> str:
    """Return what `configure list` says is used, as an endpoint."""
    blocks = run(*args, "configure", "list").stdout.split("---\n")
    (used,) = (block for block in blocks if "Used: yes" in block)
    endpoints = [line[10:] for line in used.splitlines() if line.startswith("Endpoint: ")]
    return str(endpoints[0])


@pytest.mark.usefixtures("stored", "local")
def test_who_wins(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The option wins over the variable, that over what is in use, and `local` is the local stack."""
    assert reached(run) == "https://default"
    assert (
        run("configure", "use", "staging").stderr == "✓ Commands use the profile 'staging', https://staging\n"
    )
    assert reached(run) == "https://staging"
    told = run("configure", "use", "staging", "-o", "json").stdout
    assert json.loads(told) == {"name": "staging", "endpoint": "https://staging"}
    monkeypatch.setenv(profiles.VARIABLE, "local")
    assert reached(run) == "http://local"
    assert reached(run, "--profile", "default") == "https://default"


@pytest.mark.usefixtures("stored")
def test_a_named_profile_wins_over_the_environment(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """BACKEND_ENDPOINT may be meant for the manager: a profile that is named wins over it, no other does."""
    for key, value in {"BACKEND_ENDPOINT": "https://environment", **PAIR}.items():
        monkeypatch.setenv(key, value)
    assert settings.load().source == "the environment"
    assert run("configure", "use", "staging").stderr.endswith("are set in the environment, and win\n")
    assert settings.load().source == "the environment"
    monkeypatch.setenv(profiles.VARIABLE, "staging")
    assert settings.load().endpoint == "https://staging"


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("name", ["stagign", "local"])
def test_unknown_profiles(run: Run, name: str) -> None:
    """A profile that is not there is told with what chose it and how to make it; nothing else is used."""
    told = run("--profile", name, *TYPES)
    assert (told.exit_code, told.stdout) == (1, "")
    assert told.stderr.startswith(f"✗ The profile '{name}', which --profile names,")
    if name == "local":
        assert "start it with 'make up' first" in told.stderr
    else:
        assert "There are: default, staging\n" in told.stderr
        assert "configure --profile stagign --stack-name NAME" in told.stderr
    assert run("configure", "use", name).exit_code == 1


@pytest.mark.parametrize("name", ["../env", "a/b", ".hidden", "", "x" * 65, "a b"])
def test_names_are_checked(run: Run, name: str) -> None:
    """What would be a path, or could not be shown, cannot be a profile's name."""
    with pytest.raises(CliError, match="cannot be a profile's name"):
        profiles.checked(name)
    assert run("configure", "use", name).exit_code == 1


@pytest.mark.parametrize("by", ["--profile", profiles.VARIABLE, "'configure use'"])
def test_errors_name_the_source(service: Any, run: Run, monkeypatch: pytest.MonkeyPatch, by: str) -> None:
    """An error about the connection or the keypair says which profile that is of, and what chose it."""
    path = store("staging", service.url)
    options: tuple[str, ...] = ()
    if by == "--profile":
        options = ("--profile", "staging")
    elif by == profiles.VARIABLE:
        monkeypatch.setenv(by, "staging")
    else:
        for key in settings.REQUIRED:
            monkeypatch.delenv(key)
        run("configure", "use", "staging")
    source = f"the profile 'staging' in {path}, chosen by {by}.\n"
    service.answers("GET", "/notifications/event-types", {"type": "t", "title": "No"}, status=401)
    assert run(*options, *TYPES).stderr == f"✗ No\n  The keypair AKIA1 comes from {source}"
    service.close()
    assert run(*options, *TYPES).stderr.endswith(f"\n  The endpoint comes from {source}")


def test_clocks_that_differ_are_a_matter_of_the_keypair(service: Any, run: Run) -> None:
    """A date, version or Authorization that is refused with 400 names the keypair's source, as a 401 does."""
    problem = {"type": "https://api.backend.ai/probs/invalid-auth-params", "title": "T", "msg": "Too late"}
    service.answers("GET", "/notifications/event-types", problem, status=400)
    assert run(*TYPES).stderr == "✗ Too late\n  The keypair AKIAEXAMPLE comes from the environment.\n"


@pytest.mark.usefixtures("stored")
def test_list_and_show(run: Run, local: Path) -> None:
    """The list has all profiles and the local stack without a secret; a profile's secret is masked."""
    listed = run("configure", "list")
    assert listed.stdout == (
        f"Profile: default\nUsed: yes\nEndpoint: https://default\nStack: \n{KEPT}"
        f"Profile: staging\nUsed: no\nEndpoint: https://staging\nStack: \n{KEPT}"
        f"Profile: local\nUsed: no\nEndpoint: http://local\nStack: here\n{KEPT}"
    )
    for args, place in (
        (("configure", "show", "staging"), profiles.path("staging")),
        (("--profile", "staging", "configure", "show"), profiles.path("staging")),
        (("configure", "show"), profiles.path("default")),
        (("configure", "show", "local"), local),
    ):
        shown = run(*args)
        assert shown.stderr == f"✓ Configured in {place}\n"
        assert "BACKEND_SECRET_KEY=********\n" in shown.stdout
        assert "hidden" not in shown.output


def test_without_profiles(run: Run) -> None:
    """Without any, the list says so, and nothing can be shown."""
    assert run("configure", "list").stdout == "No profiles found\n"
    assert run("configure", "show").stderr.startswith("✗ No service is configured: ")
    assert "There is only 'local', that of the local stack" in run("configure", "use", "lcal").stderr


@pytest.mark.usefixtures("stored")
def test_a_cleared_profile_is_not_used(run: Run) -> None:
    """A profile that is removed is not used any more: the default one is again, which is said."""
    run("configure", "use", "staging")
    cleared = run("configure", "--profile", "staging", "--clear")
    assert cleared.stderr == (
        f"✓ Removed {profiles.path('staging')}\n! Commands that name no profile use 'default' again\n"
    )
    assert reached(run) == "https://default"


def test_profiles_are_their_owners() -> None:
    """Only its owner may read a profile, or see that there is one."""
    path = store("staging", "https://staging")
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_options_of_configure_have_no_command(run: Run) -> None:
    """What stores a profile and what shows one are not mixed."""
    result = run("configure", "--clear", "list")
    assert (result.exit_code, "without 'list'" in result.stderr) == (2, True)


@pytest.mark.usefixtures("stored", "local")
def test_stack_of_a_profile(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stack's name is that of the profile that is named, and of no other source."""
    monkeypatch.setenv("NOTIFICATION_STACK", "elsewhere")
    monkeypatch.setenv(profiles.VARIABLE, "local")
    assert [values["NOTIFICATION_STACK"] for values in settings.stack_values()] == ["here"]
