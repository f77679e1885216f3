"""Plans that were kept: only what they show is applied."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.config.files import CREATE, PLAN, TEXT, UPDATE, applied, plan, written

Run = Callable[..., Any]
COMMAND = ("notification", "config", "apply")


def keep(run: Run, folder: Path, path: str) -> str:
    """Keep a plan, and return its file."""
    out = str(folder / "prod.plan")
    assert run("notification", "config", "plan", path, "--out", out).exit_code == 0
    return out


def test_a_kept_plan_is_applied(applying: Any, run: Run, tmp_path: Path) -> None:
    """What a kept plan shows is applied while it is still so."""
    path = written(tmp_path)
    assert run(*COMMAND, path, "--plan", keep(run, tmp_path, path), "--yes").exit_code == 0
    assert len(applied(applying)) == 2


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (plan(CREATE, version="v2"), "What the service has was changed since the plan was made"),
        (plan(CREATE, UPDATE), "Something else would be changed now than the plan says"),
    ],
)
def test_a_plan_of_another_state(
    service: Any, run: Run, tmp_path: Path, now: dict[str, Any], told: str
) -> None:
    """A kept plan is refused if the service has changed since, or a secret that the file refers to."""
    service.answers("POST", PLAN, plan(CREATE))
    service.answers("POST", PLAN, now)
    path = written(tmp_path)
    result = run(*COMMAND, path, "--plan", keep(run, tmp_path, path), "--yes")
    assert (result.exit_code, result.stderr) == (1, f"✗ {told}: make a new plan\n")
    assert applied(service) == []


def test_a_plan_of_another_file(service: Any, run: Run, tmp_path: Path) -> None:
    """A kept plan is refused if the file has changed since, and so is what is no plan."""
    service.answers("POST", PLAN, plan(CREATE))
    kept = keep(run, tmp_path, written(tmp_path))
    for text, told in (
        (f"{TEXT}# a comment\n", "✗ The file has changed since the plan was made: make a new plan\n"),
        (
            TEXT.replace("prod", "test"),
            "✗ The plan is of the set 'prod', the file of 'test': make a new plan\n",
        ),
    ):
        assert run(*COMMAND, written(tmp_path, text), "--plan", kept, "--yes").stderr == told
    path = written(tmp_path)
    for text in ("{}", "x", "[", TEXT):
        other = written(tmp_path, text, "no.plan")
        told = f"✗ {other} is not a plan: 'config plan --out' writes one\n"
        assert run(*COMMAND, path, "--plan", other, "--yes").stderr == told
    assert run(*COMMAND, path, "--plan", kept, "--no-prune").exit_code == 2
    assert applied(service) == []
