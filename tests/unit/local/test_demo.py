"""What a demo removes of earlier ones."""

import json
import subprocess

import pytest

from local import demo

OURS, THEIRS, OTHERS = "c1", "c2", "c3"
RULES = {
    "r1": (demo.RULE_NAME, OURS),
    "r2": ("My own rule", OURS),
    "r3": (demo.RULE_NAME, THEIRS),
    "r4": (demo.RULE_NAME, OTHERS),
}


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """Replace the command line by one with three channels, two of them of demos; return its calls."""
    calls: list[tuple[str, ...]] = []
    channels = {OURS: demo.DESCRIPTION, THEIRS: "", OTHERS: demo.DESCRIPTION}

    def call(_command: object, kind: str, action: str, *more: str) -> subprocess.CompletedProcess[str]:
        calls.append((kind, action, *more))
        told = ""
        if (kind, action) == ("channel", "list"):
            told = "".join(
                f"ID: {name}\nName: My Webhook\nType: webhook\nEnabled: True\nDescription: {text}\n---\n"
                for name, text in channels.items()
            )
        elif (kind, action) == ("rule", "list"):
            told = "".join(f"ID: {name}\nName: {text}\n---\n" for name, (text, _) in RULES.items())
        elif (kind, action) == ("rule", "info"):
            told = json.dumps({"id": more[0], "channel_id": RULES[more[0]][1]})
        return subprocess.CompletedProcess((), 0, told)

    monkeypatch.setattr(demo.Command, "_call", call)
    return calls


def test_a_demo_removes_only_what_demos_made(called: list[tuple[str, ...]]) -> None:
    """Rules of one's own on a demo's channel stay, and so does the channel: no deletion is forced."""
    command = demo.Command.__new__(demo.Command)
    command.remove_earlier()
    deleted = [call for call in called if "delete" in call]
    assert deleted == [
        ("rule", "delete", "r1"),
        ("rule", "delete", "r4"),
        ("channel", "delete", OURS),
        ("channel", "delete", OTHERS),
    ]
