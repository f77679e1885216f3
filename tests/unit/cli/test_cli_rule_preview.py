"""backend.ai notification rule preview: a message as readers see it, in the terminal and in a page."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.rules import ID

PREVIEWS = "/notifications/previews"
SHOWN = {
    "title": "Session failed: <train>",
    "text": "It failed.\nTwice.",
    "fields": [{"label": "Project", "value": "vision"}, {"label": "Slots", "value": "cpu: 2\nmem: 4 GiB"}],
    "link": "https://ui.example.com/s",
    "level": "error",
    "time": "2026-01-15 19:30:00 KST",
    "dedup": None,
    "action": None,
}
TOLD: dict[str, Any] = {
    "channel_type": "webhook",
    "preset": "slack",
    "rule_type": "session.failed",
    "event_id": "e-1",
    "timestamp": "2026-01-15T10:30:00Z",
    "shown": SHOWN,
    "body": "{}",
    "subject": None,
    "html": None,
    "warnings": [],
}
TEXT = """\
[error] Session failed: <train>

It failed.
Twice.

Project: vision
Slots:   cpu: 2
         mem: 4 GiB

https://ui.example.com/s

2026-01-15 19:30:00 KST · session.failed · e-1
"""
PREVIEW = ("notification", "rule", "preview")
Run = Callable[..., Any]


def test_of_a_rule(service: Any, run: Run) -> None:
    """A default message is shown as plain text where the output is no terminal, for a sample by itself."""
    service.answers("POST", PREVIEWS, TOLD)
    shown = run(*PREVIEW, ID)
    assert (shown.exit_code, shown.stdout, shown.stderr) == (0, TEXT, "")
    assert service.last["body"] == {"rule_id": ID, "sample": True}


def test_of_a_preset(service: Any, run: Run) -> None:
    """A preset is tried with a type, fields, parts and a time zone; warnings are on stderr."""
    service.answers("POST", PREVIEWS, {**TOLD, "warnings": ["cut"]})
    options = ("--preset", "slack", "--type", "session.failed", "--data", '{"session_id": "s"}')
    shown = run(*PREVIEW, *options, "--level", "error", "--field", "A=b", "--timezone", "Asia/Seoul")
    assert (shown.exit_code, shown.stderr) == (0, "! cut\n")
    assert service.last["body"] == {
        "preset": "slack",
        "rule_type": "session.failed",
        "message": {"level": "error", "fields": {"A": "b"}},
        "timezone": "Asia/Seoul",
        "notification_data": {"session_id": "s"},
    }


def test_of_a_recorded_event(service: Any, run: Run) -> None:
    """A recorded event is asked for by its id."""
    service.answers("POST", PREVIEWS, TOLD)
    assert run(*PREVIEW, ID, "--event", "e-1").exit_code == 0
    assert service.last["body"] == {"rule_id": ID, "event_id": "e-1"}


def test_of_an_email(service: Any, run: Run) -> None:
    """An email's preview begins with its subject."""
    service.answers(
        "POST", PREVIEWS, {**TOLD, "preset": None, "channel_type": "email", "subject": "[error] x"}
    )
    assert run(*PREVIEW, ID).stdout == f"Subject: [error] x\n\n{TEXT}"


def test_of_an_incident(service: Any, run: Run) -> None:
    """The key of an incident is told."""
    service.answers("POST", PREVIEWS, {**TOLD, "shown": {**SHOWN, "dedup": "s-1", "action": "resolve"}})
    assert run(*PREVIEW, ID).stdout.endswith("\nIncident: s-1 (resolve)\n")


def test_of_a_template(service: Any, run: Run) -> None:
    """A handwritten body is shown as indented JSON."""
    service.answers("POST", PREVIEWS, {**TOLD, "shown": None, "body": '{"text":"a"}'})
    assert run(*PREVIEW, ID).stdout == '{\n  "text": "a"\n}\n'


def test_as_json(service: Any, run: Run) -> None:
    """Everything can be had as JSON."""
    service.answers("POST", PREVIEWS, TOLD)
    assert json.loads(run(*PREVIEW, ID, "-o", "json").stdout) == TOLD


@pytest.mark.parametrize(
    "preset", ["slack", "teams", "discord", "google-chat", "telegram", "ntfy", "pagerduty", None]
)
def test_page(service: Any, run: Run, tmp_path: Path, preset: str | None) -> None:
    """The page has all texts, escaped, and neither scripts nor anything from elsewhere."""
    link = "https://ui.example.com/?a=1&b='\""
    told = {**TOLD, "preset": preset, "shown": {**SHOWN, "link": link, "text": "<script>alert(1)</script>"}}
    service.answers("POST", PREVIEWS, told)
    file = tmp_path / "page.html"
    assert run(*PREVIEW, ID, "--html", str(file)).exit_code == 0
    page = file.read_text()
    assert "Session failed: &lt;train&gt;" in page
    assert "&lt;script&gt;" in page
    assert "https://ui.example.com/?a=1&amp;b=&#x27;&quot;" in page
    assert "#d6362b" in page
    assert not re.search(r"<script|<img|<link|<iframe|@import|url\(|src=| on\w+=", page)
    assert re.findall(r'(?:https?:)?//[^\s"<]+', page)[0].startswith("https://ui.example.com")


def test_page_of_a_template(service: Any, run: Run, tmp_path: Path) -> None:
    """The page of a handwritten message shows its body, and a hostile link is only text."""
    service.answers("POST", PREVIEWS, {**TOLD, "shown": None, "body": "<b>"})
    file = tmp_path / "page.html"
    assert run(*PREVIEW, ID, "--html", str(file)).exit_code == 0
    assert "<pre>&lt;b&gt;</pre>" in file.read_text()
    service.answers("POST", PREVIEWS, {**TOLD, "shown": {**SHOWN, "link": "javascript:alert(1)"}})
    run(*PREVIEW, ID, "--html", str(file))
    run(*PREVIEW, ID, "--html", str(file))
    assert "<a " not in file.read_text()


@pytest.mark.parametrize(
    ("args", "code", "told"),
    [
        ((), 2, "Give either a RULE or --preset."),
        ((ID, "--preset", "slack"), 2, "Give either a RULE or --preset."),
        ((ID, "--type", "t"), 2, "--type belongs to --preset"),
        ((ID, "--event", "e", "--sample"), 1, "Cannot specify --event together with"),
    ],
)
def test_bad_options(service: Any, run: Run, args: tuple[str, ...], code: int, told: str) -> None:
    """Options that cannot go together are refused before anything is sent."""
    refused = run(*PREVIEW, *args)
    assert (refused.exit_code, service.requests) == (code, [])
    assert told in refused.stderr


def test_on_a_terminal(service: Any, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal a bar in the level's colour stands beside the lines, which fit its width."""
    from backendai_notification_cli.commands.notification.rule import preview_text  # noqa: PLC0415

    monkeypatch.setattr(preview_text, "on_terminal", lambda: True)
    monkeypatch.setenv("COLUMNS", "40")
    service.answers("POST", PREVIEWS, {**TOLD, "shown": {**SHOWN, "text": "word " * 30 + "\x1b[31m"}})
    shown = run(*PREVIEW, ID).stdout.splitlines()
    assert all(line.startswith("▌") for line in shown)
    assert max(map(len, shown)) <= 40
    assert not any("\x1b[31m" in line for line in shown)
