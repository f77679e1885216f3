"""The secrets that new channels sign with: shown once, and only where somebody asked for them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.config.files import APPLY, CREATE, OPS, PLAN, SIGNING, TEXT, UPDATE, done, plan, written
from tests.unit.cli.conftest import PROBLEM

Run = Callable[..., Any]
COMMAND = ("notification", "config", "apply")


def test_signing_secrets_are_shown_only_when_asked_for(applying: Any, run: Run, tmp_path: Path) -> None:
    """CI keeps what is printed, so a new channel's secret is not, but for --show-signing-secrets."""
    path = written(tmp_path, TEXT.replace("preset: slack", "method: POST"))
    result = run(*COMMAND, path, "--yes", "-o", "json")
    assert SIGNING not in result.output
    assert json.loads(result.stdout)["applied"][0] == {
        name: part for name, part in done(CREATE, id=OPS).items() if name != "signing_secret"
    }
    assert f"was not shown: 'channel rotate-secret {OPS} --keep-old 0' makes another" in result.stderr
    assert applying.requests


def test_signing_secrets_when_asked_for(applying: Any, run: Run, tmp_path: Path) -> None:
    """With the option the secret stands behind its channel, and that it is the only time."""
    path = written(tmp_path, TEXT.replace("preset: slack", "method: POST"))
    result = run(*COMMAND, path, "--yes", "--show-signing-secrets")
    assert f"+ created channel ops ({OPS}), signing secret {SIGNING}\n" in result.stdout
    assert "The signing secret of ops is shown this once: keep it." in result.stderr
    assert applying.requests


def test_what_was_done_is_told_even_if_the_rest_fails(service: Any, run: Run, tmp_path: Path) -> None:
    """A secret that is shown once is not lost because a later request fails."""
    service.answers("POST", PLAN, plan(CREATE, UPDATE))
    first = [done(CREATE, id=OPS, signing_secret=SIGNING)]
    service.answers("POST", APPLY, {"applied": first, "remaining": 1})
    service.answers("POST", APPLY, {"title": "Busy."}, status=503, content_type=PROBLEM)
    path = written(tmp_path, TEXT.replace("preset: slack", "method: POST"))
    result = run(*COMMAND, path, "--yes", "--show-signing-secrets")
    assert (result.exit_code, result.stdout) == (
        1,
        f"+ created channel ops ({OPS}), signing secret {SIGNING}\n",
    )
    assert "✓" not in result.stderr
    assert result.stderr.endswith(
        "✗ Busy.\n  What was applied stays: plan and apply again, and the rest follows\n"
    )


@pytest.mark.parametrize(
    ("option", "told"),
    [
        ((), "were not shown: 'channel rotate-secret CHANNEL --keep-old 0' makes another of one.\n"),
        (("--show-signing-secrets",), "are shown this once: keep them.\n"),
    ],
)
def test_many_signing_secrets(
    service: Any, run: Run, tmp_path: Path, option: tuple[str, ...], told: str
) -> None:
    """Of many new channels one line says what became of their secrets."""
    changes = [{**CREATE, "key": f"c{number}"} for number in range(6)]
    service.answers("POST", PLAN, plan(*changes))
    made = [done(each, id=OPS, signing_secret=SIGNING) for each in changes]
    service.answers("POST", APPLY, {"applied": made, "remaining": 0})
    result = run(*COMMAND, written(tmp_path), "--yes", *option)
    assert f"The signing secrets of 6 channels {told}" in result.stderr
    assert "The signing secret of" not in result.stderr


def test_services_of_presets_check_no_signature(applying: Any, run: Run, tmp_path: Path) -> None:
    """Nobody is told of a secret that its service does not use."""
    assert "secret" not in run(*COMMAND, written(tmp_path), "--yes").stderr
    assert applying.requests
