"""The guide, run as it is written."""

import re
import socket
from collections.abc import Iterator

import pytest

from local.common import ROOT
from local.receiver import Receiver
from tests.stack.cli import Cli

GUIDE = (ROOT / "docs" / "notification-cli-guide.md").read_text(encoding="utf-8")

_BLOCK = re.compile(r"```bash\n(.*?)```", re.DOTALL)
# In capitals and angle brackets: what the reader fills in. Only these two are filled in here.
_SYNOPSIS = re.compile(r"<(?!CHANNEL_ID>|RULE_ID>)[A-Z/_]+>|\[OPTIONS\]")
_QUOTES_IN_QUOTES = "{{ 'successfully' if"
_CHANNEL = re.compile(r"<CHANNEL_ID>|550e8400-e29b-41d4-a716-446655440000")
_RULE = re.compile(r"<RULE_ID>|660e8400-e29b-41d4-a716-446655440000")
_URL = re.compile(r"https://(your-webhook-url\.example\.com|new\.webhook\.url)")


def blocks() -> list[str]:
    """Return the bash blocks of the guide, in order."""
    return _BLOCK.findall(GUIDE)


def examples() -> Iterator[object]:
    """Return the blocks that are commands to run, not synopses."""
    for number, block in enumerate(blocks()):
        if not _SYNOPSIS.search(block) and _QUOTES_IN_QUOTES not in block:
            yield pytest.param(block, id=f"block-{number}")


@pytest.fixture
def prepared(cli: Cli, receiver: Receiver) -> tuple[Cli, Receiver, str, str]:
    """Give the guide's placeholders something to stand for."""
    channel_id = cli.channel(f"{receiver.url}/hook")
    rule_id = cli.rule("session.started", channel_id, '{"text": "{{ session_id }}"}')
    templates = cli.directory / "templates"
    templates.mkdir()
    (templates / "session_started.json").write_text('{"text": "{{ session_id }} / {{ session_type }}"}')
    return cli, receiver, channel_id, rule_id


def _filled(block: str, url: str, channel_id: str, rule_id: str) -> str:
    return _RULE.sub(rule_id, _CHANNEL.sub(channel_id, _URL.sub(url, block)))


@pytest.mark.parametrize("block", list(examples()))
def test_every_example_works_as_written(block: str, prepared: tuple[Cli, Receiver, str, str]) -> None:
    """Each command of the guide succeeds, with only ids and addresses put in."""
    cli, receiver, channel_id, rule_id = prepared
    if "channel delete" in block:  # as the guide's reader would: a channel that no rule uses
        cli.run("rule", "delete", rule_id)
    ran = cli.shell(_filled(block, f"{receiver.url}/hook", channel_id, rule_id))
    assert ran.code == 0, ran
    assert "Traceback" not in ran.err


def test_the_synopses_name_options_that_exist(cli: Cli) -> None:
    """Each option that the guide lists for a command is in that command's help."""
    listed = 0
    for block in blocks():
        command = re.search(r"\./backend\.ai notification (\S+ \S+).*\[OPTIONS\]", block)
        if command is None:
            continue
        shown = cli.run(*command[1].split(), "--help").out
        for option in re.findall(r"^\s+(--[a-z-]+)", block, re.MULTILINE):
            assert option in shown, (command[1], option)
            listed += 1
    assert listed > 10


def test_nested_single_quotes_are_explained(prepared: tuple[Cli, Receiver, str, str]) -> None:
    """The Artifact example, whose quotes no shell takes, ends in an error that says what to do."""
    cli, receiver, channel_id, rule_id = prepared
    (block,) = [block for block in blocks() if _QUOTES_IN_QUOTES in block]
    ran = cli.shell(_filled(block, receiver.url, channel_id, rule_id))
    assert ran.code == 2
    assert "single quote" in ran.err
    assert "--template-file -" in ran.err


def test_the_artifact_template_works_from_standard_input(prepared: tuple[Cli, Receiver, str, str]) -> None:
    """The same template given as the error says makes the message that the guide means."""
    cli, _, channel_id, _ = prepared
    template = (
        '{"text": "Artifact {{ artifact_name }} ({{ artifact_type }}) '
        "{{ 'successfully' if success else 'failed to be' }} downloaded from {{ registry_type }}, "
        'status: {{ status }}"}'
    )
    rule_id = cli.rule("artifact.download.completed", channel_id, template)
    data = (
        '{"artifact_id": "a", "artifact_name": "llama", "artifact_type": "MODEL", "registry_type": "HARBOR",'
        ' "registry_id": "r", "status": "AVAILABLE", "success": true}'
    )
    ran = cli.run("rule", "validate", rule_id, "--data", data)
    expected = '{"text": "Artifact llama (MODEL) successfully downloaded from HARBOR, status: AVAILABLE"}'
    assert ran.out.rstrip("\n").endswith(expected), ran


def test_each_rule_type_of_the_guide_has_its_fields(cli: Cli) -> None:
    """The fields that the guide lists for a rule type are in its schema, required or optional as listed."""
    sections = re.findall(r"### (\S+\.\S+)\n.*?\*\*Available fields:\*\*\n(.*?)\n\n", GUIDE, re.DOTALL)
    assert len(sections) == 3
    for rule_type, fields in sections:
        shown = cli.run("rule", "schema", rule_type).out
        for name, need in re.findall(r"- `(\w+)` \((required|optional)\)", fields):
            mark = "[✓]" if need == "required" else "[ ]"
            assert f"{mark} {name}:" in shown, (rule_type, name)


def test_validating_a_channel_that_nobody_serves_fails(cli: Cli) -> None:
    """A test message to a port that nobody listens on ends with exit code 1 and the reason."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        channel_id = cli.channel(f"http://127.0.0.1:{unused.getsockname()[1]}/")
        ran = cli.run("channel", "validate", channel_id, "--data", "hello")
    assert ran.code == 1
    assert "connect" in ran.err
