"""Adopting what exists: how it is found, what is asked, and what is told."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from backendai_notification_cli.commands.notification.config.adopting import PORTION
from tests.unit.cli.channels import CHANNEL, CHANNELS
from tests.unit.cli.config.files import ADOPT, FAILED, OPS, TEXT, faults, written
from tests.unit.cli.conftest import PROBLEM
from tests.unit.cli.rules import RULE, RULES
from tests.unit.cli.terminal import at_terminal

Run = Callable[..., Any]
COMMAND = ("notification", "config", "adopt")
MUTE = {"id": "c3a9e1d0-29b4-41d4-a716-446655440000", "reason": "Night", "state": "active", "managed": None}
MORE = """\
event_types: {quota.exceeded: {json_schema: {}}, brand.new: {json_schema: {}}}
mutes: {night: {reason: Night}}
"""
OBJECTS = [
    {"kind": "channel", "key": "ops", "id": OPS},
    {"kind": "event_type", "key": "quota.exceeded", "id": "quota.exceeded"},
    {"kind": "rule", "key": "failed", "id": FAILED},
    {"kind": "mute", "key": "night", "id": MUTE["id"]},
]


def has(service: Any, *channels: dict[str, Any], **rule: Any) -> None:
    """Let the service have channels, a rule, a mute and event types."""
    total = {"pagination": {"total": len(channels)}}
    service.answers("POST", f"{CHANNELS}/search", {"channels": channels, **total})
    rules = [{**RULE, "name": "failed", **rule}]
    service.answers("POST", f"{RULES}/search?custom=true", {"rules": rules, "pagination": {"total": 1}})
    service.answers("GET", "/notifications/mutes?*", {"mutes": [MUTE], "next": None})
    types = [{"name": "quota.exceeded", "managed": None}, {"name": "brand.new", "built_in": True}]
    service.answers("GET", "/notifications/event-types", {"event_types": types})


@pytest.fixture
def existing(service: Any) -> Any:
    """Have the service adopt what there is."""
    has(service, {**CHANNEL, "name": "Ops Slack", "managed": None}, {**CHANNEL, "id": "x", "name": "Other"})
    service.answers("POST", ADOPT, {"adopted": OBJECTS, "unchanged": 0})
    return service


def test_what_exists_is_found_by_its_name(existing: Any, run: Run, tmp_path: Path) -> None:
    """Channels and rules are found by name, event types by key, mutes by reason, without any secret."""
    path = written(tmp_path, TEXT.replace("SLACK_URL", "NOT_SET") + MORE)
    result = run(*COMMAND, path)
    assert result.exit_code == 0, result.stderr
    assert existing.last["body"] == {"set": "prod", "objects": OBJECTS}
    assert result.stderr == "✓ Adopted 4 objects, 1 of the file are new\n"
    shown = json.loads(run(*COMMAND, path, "-o", "json").stdout)
    assert shown == {"set": "prod", "adopted": OBJECTS, "unchanged": 0}


def test_a_dry_run_adopts_nothing(existing: Any, run: Run, tmp_path: Path) -> None:
    """It says what each key stands for."""
    result = run(*COMMAND, written(tmp_path), "--dry-run")
    assert result.stdout.splitlines() == [
        f"channel ops: Ops Slack ({OPS})",
        f"rule failed: failed ({FAILED})",
        "2 to adopt, 0 of the set already, 0 new",
    ]
    assert existing.last["path"] != ADOPT


def test_a_dry_run_tells_programs(existing: Any, run: Run, tmp_path: Path) -> None:
    """With an option about the output it lists the objects, and that each would be adopted."""
    dry_run = (*COMMAND, written(tmp_path), "--dry-run")
    told = json.loads(run(*dry_run, "-o", "json").stdout)
    assert told == [
        {"action": "adopt", "kind": "channel", "key": "ops", "id": OPS, "name": "Ops Slack"},
        {"action": "adopt", "kind": "rule", "key": "failed", "id": FAILED, "name": "failed"},
    ]
    assert run(*dry_run, "-q").stdout.split() == [OPS, FAILED]
    assert existing.last["path"] != ADOPT


@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("n\n", 1)])
def test_a_terminal_is_asked(existing: Any, tmp_path: Path, answer: str, code: int) -> None:
    """Somebody at a terminal sees what would be adopted and says yes or no."""
    seen = at_terminal(*COMMAND, written(tmp_path), typed={"Adopt? [y/N]:": answer})
    assert (seen.code, seen.lines[0]) == (code, f"channel ops: Ops Slack ({OPS})")
    assert (existing.last["path"] == ADOPT) is (code == 0)


def test_what_is_managed_is_left(service: Any, run: Run, tmp_path: Path) -> None:
    """What the set has already is counted, and what another set has is not taken."""
    mine, theirs = {"set": "prod", "key": "ops"}, {"set": "test", "key": "failed"}
    has(service, {**CHANNEL, "name": "Renamed", "managed": mine}, managed=theirs)
    result = run(*COMMAND, written(tmp_path), "--yes")
    assert result.stderr == "✓ Adopted 0 objects, 1 of the file are new\n"
    assert all(sent["path"] != ADOPT for sent in service.requests)


def test_names_that_several_have(service: Any, run: Run, tmp_path: Path) -> None:
    """A name that several have is told with its line, their ids, and how to say which is meant."""
    twins = [{**CHANNEL, "id": each, "name": "Ops Slack"} for each in (OPS, FAILED)]
    has(service, *twins)
    service.answers("POST", ADOPT, {"adopted": [], "unchanged": 0})
    path = written(tmp_path)
    told = run(*COMMAND, path).stderr
    assert told == (
        f"✗ {path}:3: channels.ops: may be any of {OPS}, {FAILED}: say which with --channel ops=ID\n"
    )
    assert run(*COMMAND, path, "--channel", f"ops={FAILED}").exit_code == 0
    assert service.last["body"]["objects"][0] == {"kind": "channel", "key": "ops", "id": FAILED}


def test_what_an_option_names_is_asked_for(service: Any, run: Run, tmp_path: Path) -> None:
    """An ID that an option gives is asked for, even if nobody has it or the key has something else by now."""
    mine = {"set": "prod", "key": "ops"}
    has(service, {**CHANNEL, "name": "Renamed", "managed": mine})
    service.answers("POST", ADOPT, {"adopted": [], "unchanged": 0})
    path = written(tmp_path)
    for identity, sent in ((OPS, False), (FAILED, True)):
        run(*COMMAND, path, "--channel", f"ops={identity}")
        wanted = {"kind": "channel", "key": "ops", "id": identity}
        assert (wanted in service.last["body"]["objects"]) is sent, identity


@pytest.mark.parametrize(
    ("option", "told"),
    [
        ("ops", "'ops' of --channel must be KEY=ID, as in --channel ops=Ops"),
        ("opz=Ops", "✗ --channel: prod.yaml has no channel 'opz'"),
    ],
)
def test_options_are_checked(existing: Any, run: Run, tmp_path: Path, option: str, told: str) -> None:
    """An option without a key, or with one that the file does not have, is refused."""
    stderr = run(*COMMAND, written(tmp_path), "--channel", option).stderr
    assert told in stderr.replace(f"{tmp_path}/", "")
    assert existing.requests == []


def test_faults_have_the_files_lines(service: Any, run: Run, tmp_path: Path) -> None:
    """What the service does not let the set have is told with the line of its key."""
    has(service, {**CHANNEL, "name": "Ops Slack"})
    refused = faults((["objects", 1, "id"], "is managed by the set 'test'"))
    service.answers("POST", ADOPT, refused, status=422, content_type=PROBLEM)
    path = written(tmp_path)
    assert run(*COMMAND, path).stderr == f"✗ {path}:9: rules.failed: is managed by the set 'test'\n"


def test_many_are_adopted_in_portions(service: Any, run: Run, tmp_path: Path) -> None:
    """So many that one request would not end in time are adopted by several; what is done stays done."""
    count = PORTION + 2
    keys = [f"k{number}" for number in range(count)]
    channels = [{**CHANNEL, "id": key, "name": key, "managed": None} for key in keys]
    total = {"pagination": {"total": count}}
    service.answers("POST", f"{CHANNELS}/search", {"channels": channels, **total})
    service.answers("POST", ADOPT, {"adopted": OBJECTS[:1], "unchanged": 1})
    service.answers("POST", ADOPT, {"adopted": OBJECTS[1:2], "unchanged": 2})
    refused = faults((["objects", 1, "id"], "is managed by the set 'test'"))
    service.answers("POST", ADOPT, refused, status=422, content_type=PROBLEM)
    text = "set: prod\nchannels:\n" + "".join(f"  {key}: {{}}\n" for key in keys)
    path = written(tmp_path, text)
    result = run(*COMMAND, path, "-o", "json")
    assert json.loads(result.stdout) == {"set": "prod", "adopted": OBJECTS[:2], "unchanged": 3}
    sent = [each["body"]["objects"] for each in service.requests if each["path"] == ADOPT]
    assert [each["key"] for portion in sent for each in portion] == keys
    assert [len(portion) for portion in sent] == [PORTION, 2]
    assert f"prod.yaml:4: channels.{keys[1]}: is managed by" in run(*COMMAND, path).stderr
