"""Exporting: YAML that reads back as the same, and what its reader is told."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from backendai_notification_cli.files.document import read_with_faults
from backendai_notification_cli.files.yaml_writing import yaml_of
from tests.unit.cli.config.files import EXPORT
from tests.unit.cli.terminal import at_terminal

Run = Callable[..., Any]
COMMAND = ("notification", "config", "export")
DOCUMENT = {
    "set": "prod",
    "channels": {"ops": {"spec": {"url": "${env:OPS_URL}"}}},
    "rules": {"failed": {"channel": "ops", "message_template": '{\n  "a": "1e3"\n}\n', "enabled": False}},
}
SHOWN = """\
# Before this is applied, set: OPS_URL
set: prod
channels:
  ops:
    spec:
      url: ${env:OPS_URL}
rules:
  failed:
    channel: ops
    message_template: |
      {
        "a": "1e3"
      }
    enabled: false
"""
VARIABLES = [{"name": "OPS_URL", "key": "ops", "path": "spec.url"}]


@pytest.fixture
def exporting(service: Any) -> Any:
    """Have the service export."""
    reply = {"document": DOCUMENT, "variables": VARIABLES, "notes": ["a rule refers to 'x'"]}
    service.answers("POST", EXPORT, reply)
    return service


@pytest.mark.parametrize(
    ("options", "asked"),
    [
        ((), {"all": True}),
        (("-f", "-"), {"all": True}),
        (("--set", "prod"), {"all": False, "set": "prod"}),
        (("--set", "prod", "--all"), {"all": True, "set": "prod"}),
    ],
)
def test_yaml_is_the_default(
    exporting: Any, run: Run, options: tuple[str, ...], asked: dict[str, Any]
) -> None:
    """An export is YAML with templates as blocks, in a pipe too; stderr says what has to be set."""
    result = run(*COMMAND, *options)
    assert (result.stdout, exporting.last["body"]) == (SHOWN, asked)
    assert result.stderr == (
        "! a rule refers to 'x'\n! Set OPS_URL before this is applied: spec.url of ops\n"
    )


def test_other_forms(exporting: Any, run: Run, tmp_path: Path) -> None:
    """`-o json` is the same document, which can be a file as well; -f writes one that is not there yet."""
    assert json.loads(run(*COMMAND, "-o", "json").stdout) == DOCUMENT
    path = tmp_path / "all.yaml"
    result = run(*COMMAND, "-f", str(path))
    assert (result.exit_code, result.stdout, path.read_text()) == (0, "", SHOWN)
    again = run(*COMMAND, "-f", str(path))
    assert again.stderr == f"✗ {path} exists already: name another file, or remove it\n"
    assert run(*COMMAND, "-f", str(tmp_path / "no" / "such")).exit_code == 1
    assert exporting.requests


def test_at_a_terminal(exporting: Any) -> None:
    """A terminal shows the same text."""
    assert SHOWN in at_terminal(*COMMAND).text
    assert exporting.requests


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**15), 10**15)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.sampled_from(
        ["no", "1e3", "1E5", "12:30", "2026-01-01", "~", "<<", "0x1", "010", ".5", "a: b", "x\n", " \n"]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def test_emoji_stay_readable() -> None:
    """Emoji are written as they are, and what would steer a terminal is not."""
    assert yaml_of({"text": "🚨 down"}) == "text: 🚨 down\n"
    assert "\x1b" not in yaml_of({"text": "🚨 \x1b[2J"})


@given(VALUES)
def test_yaml_reads_back(value: Any) -> None:
    """What is written as YAML is read as the same value, by this reader and by PyYAML's."""
    text = yaml_of({"a": value})
    read = read_with_faults("x", text)
    if "merge keys" not in str(read.faults):
        assert (read.value, list(read.faults)) == ({"a": value}, [])
    assert yaml.safe_load(text) == {"a": value}
