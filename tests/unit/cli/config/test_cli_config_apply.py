"""Applying: what is asked before, what is sent, and what is told when it ends in any way."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from local.waiting import until
from tests.unit.cli.config.files import (
    APPLY,
    CREATE,
    DELETE,
    FAILED,
    OPS,
    PLAN,
    SECRET,
    UPDATE,
    applied,
    done,
    faults,
    plan,
    written,
)
from tests.unit.cli.conftest import PROBLEM
from tests.unit.cli.terminal import PACKAGES, at_terminal

Run = Callable[..., Any]
COMMAND = ("notification", "config", "apply")
WAITED = 60
PROBLEMS = "https://api.backend.ai/probs"


def test_the_service_is_asked_until_nothing_remains(applying: Any, run: Run, tmp_path: Path) -> None:
    """The version of the plan is sent once; all requests have the same holder and the whole document."""
    result = run(*COMMAND, written(tmp_path), "--yes")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.splitlines() == [
        f"+ created channel ops ({OPS})",
        f"~ changed rule failed ({FAILED})",
        f"- deleted rule old ({FAILED})",
    ]
    assert "Plan: 1 to create, 1 to change, 1 to delete." in result.stderr
    assert result.stderr.endswith("✓ Applied 'prod': 1 created, 1 changed, 1 deleted\n")
    first, second = applied(applying)
    assert (first.pop("version"), second.pop("version")) == ("v1", None)
    assert first == second
    assert first["channels"]["ops"]["spec"]["url"] == SECRET
    assert len(first["holder"]) == 32


@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("n\n", 1), ("\n", 1)])
def test_a_terminal_is_asked(applying: Any, tmp_path: Path, answer: str, code: int) -> None:
    """Somebody at a terminal sees the plan, and nothing is applied without a yes."""
    seen = at_terminal(*COMMAND, written(tmp_path), typed={"Apply? [y/N]:": answer})
    assert seen.code == code
    assert seen.text.index("~ update rule failed") < seen.text.index("Apply? [y/N]:")
    assert ("✗ Nothing was applied" in seen.text) is (code == 1)
    assert len(applied(applying)) == (2 if code == 0 else 0)


def test_a_terminal_shows_how_far_it_is(applying: Any, tmp_path: Path) -> None:
    """A long apply tells on a terminal how much is done, and takes that away at its end."""
    seen = at_terminal(*COMMAND, written(tmp_path), "--yes")
    assert "Applied 1 of 3 changes ..." in seen.raw
    assert seen.raw.count("\x1b[K") >= 2
    assert applying.requests


def test_what_was_done_goes_through_no_pager(service: Any, tmp_path: Path) -> None:
    """However much was applied, it stays on the terminal, and the command ends by itself."""
    changes = [{**CREATE, "key": f"c{number}"} for number in range(60)]
    service.answers("POST", PLAN, plan(*changes))
    service.answers("POST", APPLY, {"applied": [done(each, id=OPS) for each in changes], "remaining": 0})
    pager = {"PAGER": "cat; echo paged"}
    seen = at_terminal(*COMMAND, written(tmp_path), "--yes", environment=pager)
    assert seen.code == 0
    assert "+ created channel c59" in seen.text
    assert "paged" not in seen.text


def test_scripts_must_agree(applying: Any, run: Run, tmp_path: Path) -> None:
    """Without a terminal nothing is applied unless --yes says so; of no changes nobody is asked."""
    result = run(*COMMAND, written(tmp_path))
    assert result.exit_code == 1
    assert result.stderr.endswith("✗ Nothing was applied: there is no terminal to ask at, so give --yes\n")
    assert applied(applying) == []


def test_nothing_to_do(service: Any, run: Run, tmp_path: Path) -> None:
    """Where the service is as the file says, nothing is sent but the plan."""
    service.answers("POST", PLAN, plan())
    result = run(*COMMAND, written(tmp_path))
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "No changes: the set 'prod' is as the file says.\n"
    assert [sent["path"] for sent in service.requests] == [PLAN]


@pytest.mark.parametrize(
    ("deleted", "unchanged", "option", "code"),
    [
        *((3, 0, (), 0), (4, 4, (), 0), (4, 3, (), 1), (4, 3, ("--allow-deletions", "3"), 1)),
        *((4, 0, ("--allow-deletions", "4"), 0), (1, 0, ("--allow-deletions", "0"), 1)),
    ],
)
def test_most_of_a_set_is_not_deleted_by_mistake(
    service: Any, run: Run, tmp_path: Path, deleted: int, unchanged: int, option: tuple[str, ...], code: int
) -> None:
    """More than three deletions, which are more than half of the set, need --allow-deletions beside --yes."""
    changes = [{**DELETE, "key": f"old-{number}"} for number in range(deleted)]
    service.answers("POST", PLAN, plan(*changes, unchanged=unchanged))
    service.answers("POST", APPLY, {"applied": [done(each) for each in changes], "remaining": 0})
    result = run(*COMMAND, written(tmp_path), "--yes", *option)
    assert (result.exit_code, len(applied(service))) == (code, 1 - code)
    total = deleted + unchanged
    told = f"✗ This would delete {deleted} of the {total} objects of the set 'prod'\n"
    assert (told in result.stderr) is (code == 1)


def test_another_applies(service: Any, run: Run, tmp_path: Path) -> None:
    """While another applies the set, the exit code is 4, and the error says who it is and since when."""
    by = {"access_key": "AKIAALICE", "user_id": "u", "name": "alice"}
    data = {"by": by, "since": "2026-11-29T12:00:05Z", "until": "2026-11-29T12:01:05Z"}
    service.answers("POST", PLAN, plan(UPDATE))
    problem = {"type": f"{PROBLEMS}/notification-configuration-locked", "title": "Locked.", "data": data}
    service.answers("POST", APPLY, problem, status=409, content_type=PROBLEM)
    result = run(*COMMAND, written(tmp_path), "--yes")
    assert result.exit_code == 4
    assert "✗ alice applies the set 'prod' since 2026-11-29 " in result.stderr
    assert "it can be applied again from 2026-11-29 " in result.stderr


def test_the_service_has_changed_since(service: Any, run: Run, tmp_path: Path) -> None:
    """A change that somebody makes between plan and apply is told in the service's words."""
    service.answers("POST", PLAN, plan(UPDATE))
    kind = f"{PROBLEMS}/notification-configuration-changed"
    problem = {"type": kind, "title": "What is stored has changed since the plan."}
    service.answers("POST", APPLY, problem, status=409, content_type=PROBLEM)
    result = run(*COMMAND, written(tmp_path), "--yes")
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (1, f"✗ {problem['title']}")


def test_faults_that_come_up_late(service: Any, run: Run, tmp_path: Path) -> None:
    """A fault that only the apply finds has its line too, and what was done before stays."""
    service.answers("POST", PLAN, plan(CREATE, UPDATE))
    service.answers("POST", APPLY, {"applied": [done(CREATE)], "remaining": 1})
    late = faults((["rules", "failed"], "is gone"))
    service.answers("POST", APPLY, late, status=422, content_type=PROBLEM)
    path = written(tmp_path)
    result = run(*COMMAND, path, "--yes")
    assert result.stderr.splitlines()[-2:] == [
        f"✗ {path}:9: rules.failed: is gone",
        "  What was applied stays: plan and apply again, and the rest follows",
    ]


def test_a_response_that_is_lost(service: Any, run: Run, tmp_path: Path) -> None:
    """If the service fails in the middle, it is said that planning and applying again goes on."""
    service.answers("POST", PLAN, plan(UPDATE))
    service.answers("POST", APPLY, "<html>", status=502, content_type="text/html")
    result = run(*COMMAND, written(tmp_path), "--yes")
    assert result.exit_code == 1
    assert "HTTP 502" in result.stderr


def test_an_interrupted_apply_says_how_to_go_on(service: Any, tmp_path: Path) -> None:
    """Ctrl-C ends an apply with what was done and how the rest follows."""
    service.answers("POST", PLAN, plan(CREATE, UPDATE))
    service.answers("POST", APPLY, {"applied": [done(CREATE)], "remaining": 1})
    service.answers("POST", APPLY, {"applied": [], "remaining": 1})
    arguments = [sys.executable, "-m", "backendai_notification_cli", *COMMAND, written(tmp_path), "--yes"]
    environment = {**os.environ, "PYTHONPATH": str(PACKAGES)}
    with subprocess.Popen(arguments, env=environment, stderr=subprocess.PIPE, text=True) as process:
        try:
            until("three requests", lambda: len(applied(service)) > 3, WAITED)
            process.send_signal(signal.SIGINT)
            told = process.communicate(timeout=WAITED)[1]
        finally:
            process.kill()
    assert process.returncode == 130
    assert (
        "! Interrupted after 1 of 2 changes were confirmed. What was applied stays: plan and apply again"
        in told
    )
