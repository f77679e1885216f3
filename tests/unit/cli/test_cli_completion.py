"""What shells complete: commands, options, and what the service has."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from backendai_notification_cli.http import envfile, profiles
from tests.unit.cli.channels import CHANNEL, CHANNELS, ID
from tests.unit.cli.records import EVENT, EVENT_ID, EVENTS, page
from tests.unit.cli.rules import RULE, RULES
from tests.unit.cli.test_cli_tree import PACKAGES, python

Run = Callable[..., Any]
TYPES = "/notifications/event-types"
SOON = 0.5
"""Within how many seconds TAB is answered."""


def offered(*words: str, **environment: str) -> list[str]:
    """Return what is offered in place of the last word."""
    typed = {"COMP_WORDS": " ".join(("backend.ai", *words)), "COMP_CWORD": str(len(words))}
    done = python(
        "-m", "backendai_notification_cli", _BACKEND_AI_COMPLETE="bash_complete", **typed, **environment
    )
    assert done.stderr == ""
    return [line.partition(",")[2] for line in done.stdout.splitlines() if line]


@pytest.fixture
def known(service: Any) -> Any:
    """Serve channels, rules, events and event types."""
    channels = [
        {**CHANNEL, "managed": {"set": "prod", "key": "ops"}},
        {**CHANNEL, "id": "12345678-0000-4000-8000-000000000000", "name": "Ops night's shift"},
    ]
    service.answers("POST", f"{CHANNELS}/search", {"channels": channels, "pagination": {"total": 2}})
    rule = {**RULE, "managed": {"set": "test", "key": "started"}}
    service.answers("POST", f"{RULES}/search?custom=true", {"rules": [rule], "pagination": {"total": 1}})
    mute = {"id": ID, "reason": "Night", "managed": {"set": "prod", "key": "nights"}}
    service.answers("GET", "/notifications/mutes?*", page(mute, {"id": ID, "managed": None}, key="mutes"))
    service.answers("GET", f"{EVENTS}?*", page(EVENT, key="events"))
    schemas = {"a.b": ["status", "size"], "a.c": ["state"]}
    types = [
        {"name": name, "json_schema": {"properties": dict.fromkeys(fields)}}
        for name, fields in schemas.items()
    ]
    service.answers("GET", TYPES, {"event_types": types})
    entries: list[dict[str, Any]] = [{"by": {"access_key": "AKIADEPLOY", "name": "deploy"}}, {"by": None}]
    service.answers("GET", "/notifications/audit?*", page(*entries, key="entries"))
    return service


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["notification", "rule", "v"], ["validate"]),
        (["chan"], ["channel"]),
        (["channel", "list", "--st"], ["--state"]),
        (["channel", "list", "--state", "f"], ["failing"]),
        (["channel", "info", "op"], ["Ops", "Ops night's shift"]),
        (["channel", "info", "550"], [ID[:13]]),
        (["rule", "info", ""], ["Started", "660e8400-e29b"]),
        (["rule", "list", "--channel", "Ops"], ["Ops", "Ops night's shift"]),
        (["rule", "create", "n", "a."], ["a.b", "a.c"]),
        (["rule", "create", "n", "a.b", "ops"], ["Ops", "Ops night's shift"]),
        (["event", "info", "0b6"], [EVENT_ID]),
        (["event", "list", "--where", "st"], ["status", "state"]),
        (["rule", "create", "n", "a.b", "Ops", "--where", "s"], ["status", "size"]),
        (["rule", "create", "n", "a.b", "Ops", "--by", "status,s"], ["status,status", "status,size"]),
        (["channel", "list", "--json", "id,na"], ["id,name"]),
        (["channel", "list", "-o", "js"], ["json", "jsonl"]),
        (["event-type", "info", "a.c"], ["a.c"]),
        (["audit", "list", "--by", "dep"], ["deploy"]),
        (["keypair", "deactivate", "AKIA"], ["AKIADEPLOY"]),
        (["config", "export", "--set", ""], ["prod", "test"]),
        (["config", "give-up", "pr"], ["prod"]),
        (["config", "give-up", "prod", ""], ["channel/ops", "mute/nights"]),
        (["config", "give-up", "test", "rule/a", "r"], ["rule/started"]),
        (["channel", "create", "n", "--preset", "te"], ["teams", "telegram"]),
        (["rule", "preview", "--preset", "nt"], ["ntfy"]),
        (["rule", "update", "Started", "--level", "c"], ["critical"]),
    ],
)
@pytest.mark.usefixtures("known")
def test_what_is_offered(words: list[str], wanted: list[str]) -> None:
    """TAB offers commands, options, names, ids, types and fields."""
    assert offered(*words) == wanted


def test_tab_answers_soon(known: Any) -> None:
    """What the service said is offered again without asking, and for less than half a second of CPU time."""
    assert offered("channel", "info", "Ops")
    asked = len(known.requests)
    took = []
    for _ in range(3):
        before = sum(os.times()[2:4])
        assert offered("channel", "info", "Ops")
        took.append(sum(os.times()[2:4]) - before)
    assert len(known.requests) == asked
    assert min(took) < SOON


def test_what_is_kept_is_the_profiles(known: Any) -> None:
    """What one keypair may see is not offered to another, and only its owner may read it."""
    offered("channel", "info", "")
    asked = len(known.requests)
    offered("channel", "info", "", BACKEND_ACCESS_KEY="another")
    assert len(known.requests) == asked + 1
    cache = Path(os.environ["HOME"]) / ".cache" / "backend.ai-notification"
    assert {file.stat().st_mode & 0o777 for file in cache.iterdir()} == {0o600}


def test_the_profile_that_is_typed_is_asked(known: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names are those of the stack whose profile is typed before the command; profiles are offered, too."""
    keys = {"BACKEND_ACCESS_KEY": "AKIA1", "BACKEND_SECRET_KEY": "s"}
    envfile.save(profiles.path("staging"), {"BACKEND_ENDPOINT": known.url, **keys})
    monkeypatch.setenv("BACKEND_ENDPOINT", "http://127.0.0.1:1")
    assert offered("--profile", "staging", "channel", "info", "op") == ["Ops", "Ops night's shift"]
    assert offered("channel", "info", "op") == []
    assert offered("--profile", "s") == ["staging"]
    assert offered("configure", "use", "") == ["staging", "local"]


def test_what_was_kept_long_ago_is_asked_for_again(known: Any) -> None:
    """After half a minute the service is asked again, and a file that is broken is not in the way."""
    offered("channel", "info", "")
    asked = len(known.requests)
    cache = Path(os.environ["HOME"]) / ".cache" / "backend.ai-notification"
    for file in cache.iterdir():
        os.utime(file, (0, 0))
    assert offered("channel", "info", "Ops")
    for file in cache.iterdir():
        file.write_text("{")
    assert offered("channel", "info", "Ops")
    assert len(known.requests) == asked + 2


def test_nothing_is_offered_without_a_service(service: Any) -> None:
    """A service that is down, or refuses, leaves the shell in peace."""
    assert offered("channel", "info", "") == []
    service.close()
    assert offered("rule", "info", "") == []


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """Make a launcher that is called backend.ai."""
    made = tmp_path / "backend.ai"
    made.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m backendai_notification_cli "$@"\n')
    made.chmod(0o755)
    return made


def in_shell(shell: str, options: list[str], script: str, folder: Path) -> str:
    """Run a script in a shell."""
    found = shutil.which(shell)
    assert found, f"this test needs {shell}: .ci/install installs it, as root on Debian"
    done = subprocess.run(
        [found, *options, "-c", script],
        env={**os.environ, "PYTHONPATH": str(PACKAGES), "PATH": f"{folder}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        timeout=120,
    )
    assert done.stderr == ""
    return done.stdout


@pytest.mark.usefixtures("known")
def test_in_bash(run: Run, tmp_path: Path, program: Path) -> None:
    """A real bash completes ./backend.ai, and names with spaces so that they stay one word."""
    (tmp_path / "script").write_text(run("completion", "bash").stdout)
    told = in_shell(
        "bash",
        ["--norc"],
        "source ./script; complete -p backend.ai >/dev/null || exit 1; "
        "COMP_WORDS=(./backend.ai notification ch); COMP_CWORD=2; "
        '_backendai_completion ./backend.ai ch notification; printf "%s\\n" "${COMPREPLY[@]}"; COMPREPLY=(); '
        "COMP_WORDS=(./backend.ai channel info op); COMP_CWORD=3; "
        '_backendai_completion ./backend.ai op info; printf "%s\\n" "${COMPREPLY[@]}"',
        program.parent,
    )
    assert told.splitlines() == ["channel", "Ops", r"Ops\ night\'s\ shift"]


@pytest.mark.usefixtures("known")
def test_in_fish(run: Run, tmp_path: Path, program: Path) -> None:
    """A real fish completes names, with what they are."""
    (tmp_path / "script").write_text(run("completion", "fish").stdout)
    script = "source ./script; complete -C 'backend.ai channel info op'"
    lines = in_shell("fish", ["--no-config"], script, program.parent).splitlines()
    assert [line.partition("\t")[0] for line in lines] == ["Ops", "Ops night's shift"]
    assert lines[0].partition("\t")[2].startswith("webhook 550e8400")


@pytest.mark.usefixtures("known")
def test_in_zsh(run: Run, tmp_path: Path, program: Path) -> None:
    """A real zsh is given the names, with what they are."""
    (tmp_path / "script").write_text(run("completion", "zsh").stdout)
    script = (
        "compdef() {}; _describe() { print -rl -- $completions_with_descriptions }; source ./script; "
        "words=(backend.ai channel info op); CURRENT=4; _backendai_completion"
    )
    lines = in_shell("zsh", ["-f"], script, program.parent).splitlines()
    assert [line.partition(":")[0] for line in lines] == ["Ops", "Ops night's shift"]
    assert lines[0].startswith("Ops:webhook 550e8400")


@pytest.mark.parametrize(
    ("shell", "call"),
    [
        ("bash", "_BACKEND_AI_COMPLETE=bash_complete $1)"),
        ("zsh", '_BACKEND_AI_COMPLETE=zsh_complete "${words[1]}")'),
        ("fish", "COMP_CWORD=(commandline -t) (commandline -opc)[1]);"),
    ],
)
def test_the_script_runs_what_was_typed(run: Run, shell: str, call: str) -> None:
    """Each script completes `backend.ai` and runs the program as it was typed, so ./backend.ai too."""
    result = run("completion", shell)
    assert json.loads(run("completion", shell, "-o", "json").stdout)["script"] == result.stdout[:-1]
    assert result.exit_code == 0
    assert call in result.stdout
    assert "$+commands[backend.ai]" not in result.stdout
