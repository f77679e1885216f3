"""backend.ai configure, against moto's AWS."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from backendai_notification_cli.http import envfile, profiles, settings
from tests.unit.cli.deployed.stack import API_URL, FIRST, REGION, STACK, deploy

pytestmark = pytest.mark.slow


Run = Callable[..., Any]


@pytest.mark.usefixtures("aws")
def test_configure_stores_what_the_commands_need(run: Run) -> None:
    """After `configure` the stack is what commands talk to, and only the owner can read the file."""
    result = run("configure", "--stack-name", STACK)
    path = profiles.path("default")
    assert result.exit_code == 0, result.stderr
    assert result.stderr == (
        f"✓ Configured for {API_URL} in {path}\n"
        "✓ The secret key is in that file, which only you can read: this system has no keyring\n"
    )
    assert FIRST["secret_key"] not in result.output
    assert envfile.load(path) == {
        "BACKEND_ENDPOINT": API_URL,
        "BACKEND_ACCESS_KEY": "AKIAFIRST",
        "BACKEND_SECRET_KEY": "first's secret",
        "NOTIFICATION_EVENT_BUS": "bus",
        "NOTIFICATION_STACK": STACK,
        "AWS_DEFAULT_REGION": REGION,
    }
    assert path.stat().st_mode & 0o777 == 0o600
    assert settings.load().endpoint == API_URL


@pytest.mark.usefixtures("aws")
def test_configure_shows_and_clears(run: Run) -> None:
    """--show masks the secret, --clear removes the file."""
    run("configure", "--stack-name", STACK)
    shown = run("configure", "--show")
    assert f"BACKEND_ENDPOINT={API_URL}\n" in shown.stdout
    assert "BACKEND_SECRET_KEY=********\n" in shown.stdout
    assert "first's secret" not in shown.output
    assert run("configure", "--clear").exit_code == 0
    assert not profiles.path("default").exists()
    assert run("configure", "--show").exit_code == 1
    assert run("configure", "--clear").stderr == "✓ Nothing was configured\n"


@pytest.mark.usefixtures("aws")
def test_show_tells_of_the_local_stack(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If nothing is configured, but there is a local stack, --show shows where commands go: there."""
    local = tmp_path / "local-env"
    local.write_text("BACKEND_ENDPOINT=http://127.0.0.1:4566\n")
    monkeypatch.setenv("NOTIFICATION_LOCAL_ENV", str(local))
    for args in (("configure", "--show"), ("configure", "show")):
        told = run(*args)
        assert (told.exit_code, told.stderr) == (0, f"✓ Configured in {local}\n")
        assert told.stdout == "BACKEND_ENDPOINT=http://127.0.0.1:4566\n"
    assert json.loads(run("configure", "show", "-o", "json").stdout) == {
        "BACKEND_ENDPOINT": "http://127.0.0.1:4566"
    }


@pytest.mark.usefixtures("aws")
def test_configure_stores_profiles(run: Run) -> None:
    """A stack is stored under the profile that is named; until that is used, it is said what is."""
    run("configure", "--stack-name", STACK)
    for args in (("configure", "--profile", "prod"), ("--profile", "prod", "configure")):
        result = run(*args, "--stack-name", STACK)
        assert result.exit_code == 0, result.stderr
        path = profiles.path("prod")
        assert result.stderr.startswith(f"✓ Configured for {API_URL} in {path}\n")
        envfile.remove(path)
    told = f"! Commands without --profile prod go to {API_URL}, which comes from the profile 'default' in "
    assert told in run("configure", "--profile", "prod", "--stack-name", STACK).stderr
    refused = run("configure", "--profile", "local", "--stack-name", STACK)
    assert refused.stderr.startswith("✗ The profile 'local' is that of the local stack")


@pytest.mark.parametrize("args", [[], ["--show", "--clear"], ["--stack-name", "x", "--show"]])
def test_configure_does_one_thing(run: Run, args: list[str]) -> None:
    """None or two of the three things to do is a usage error."""
    result = run("configure", *args)
    assert result.exit_code == 2
    assert "exactly one of" in result.stderr


@pytest.mark.usefixtures("aws")
def test_configure_unknown_stack(run: Run) -> None:
    """A stack that does not exist is named with its region."""
    result = run("configure", "--stack-name", "nowhere")
    assert (result.exit_code, result.stderr) == (1, f"✗ There is no stack 'nowhere' in {REGION}\n")


@pytest.mark.usefixtures("aws")
def test_configure_foreign_stack(run: Run) -> None:
    """A stack without the outputs is named with what it lacks."""
    deploy("foreign", {"ApiUrl": "https://x"})
    result = run("configure", "--stack-name", "foreign")
    assert result.exit_code == 1
    assert "has no output KeypairSecretArn, KeypairsSecretArn, EventBusName" in result.stderr


@pytest.mark.usefixtures("aws")
def test_configure_without_the_secret(run: Run) -> None:
    """A secret that is not there is named."""
    gone = f"arn:aws:secretsmanager:{REGION}:123456789012:secret:gone-abcdef"
    arns = dict.fromkeys(("KeypairSecretArn", "KeypairsSecretArn"), gone)
    deploy("gone", {"ApiUrl": "https://x", **arns, "EventBusName": "bus"})
    result = run("configure", "--stack-name", "gone")
    assert result.exit_code == 1
    assert result.stderr.startswith(f"✗ The secret {gone} holds no keypair")
    assert result.stderr.count("\n") == 1


def test_configure_without_credentials(run: Run) -> None:
    """Without AWS credentials the error says so."""
    result = run("configure", "--stack-name", STACK, "--region", REGION)
    assert result.exit_code == 1
    assert result.stderr.startswith("✗ No AWS credentials: log in")


def test_configure_without_region_or_profile(run: Run) -> None:
    """A missing region and an unknown profile are told in one line."""
    assert run("configure", "--stack-name", STACK).stderr.startswith("✗ No AWS region: pass --region")
    assert "profile (none)" in run("configure", "--stack-name", STACK, "--aws-profile", "none").stderr
