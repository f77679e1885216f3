"""A message in the terminal, roughly as readers see it; plain where the output is no terminal."""

import contextlib
import json
import shutil
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

import click

from backendai_notification_cli.terminal.choice import on_terminal
from backendai_notification_cli.terminal.output import show_text
from backendai_notification_cli.terminal.visible import visible

COLOURS: Mapping[str, tuple[int, int, int]] = {
    "info": (47, 111, 222),
    "success": (46, 158, 91),
    "warning": (221, 154, 0),
    "error": (214, 54, 43),
    "critical": (142, 27, 79),
}
"""By level, as the services' messages have them."""

BAR = "▌"
MAX_WIDTH = 100
MIN_WIDTH = 30
MAX_LABEL_CHARS = 24


def show(told: Mapping[str, Any]) -> None:
    """Write a preview to stdout."""
    shown = told.get("shown")
    if told.get("subject") is not None:
        click.echo(f"Subject: {visible(told['subject'])}\n")
    if not isinstance(shown, Mapping):
        _show_body(str(told.get("body") or ""))
        return
    is_terminal = on_terminal()
    level = str(shown.get("level"))
    bar = click.style(BAR, fg=COLOURS.get(level)) if is_terminal else ""
    for line in lines(told, _width() if is_terminal else None, styled=is_terminal):
        click.echo(f"{bar} {line}".rstrip() if is_terminal else line)


def lines(told: Mapping[str, Any], width: int | None, *, styled: bool) -> Iterator[str]:
    """Yield the lines of a default message. ``width``: None to break no lines."""
    shown: Mapping[str, Any] = told["shown"]
    level = str(shown["level"])
    title = f"[{level}] {visible(shown['title'])}"
    yield from _wrapped(title, width, bold=styled)
    blocks = [
        [*_paragraphs(str(shown["text"]), width)],
        [*_fields(shown["fields"], width)],
        [visible(shown["link"])] if shown.get("link") else [],
        [*_wrapped(" · ".join(map(visible, (shown["time"], told["rule_type"], told["event_id"]))), width)],
    ]
    if shown.get("dedup"):
        blocks[3].append(f"Incident: {visible(shown['dedup'])} ({visible(shown.get('action') or 'trigger')})")
    for block in filter(None, blocks):
        yield ""
        yield from block


def _show_body(body: str) -> None:
    """Write a handwritten body: JSON with its lines indented, anything else as it is."""
    with contextlib.suppress(ValueError):
        body = json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    show_text(body)


def _fields(fields: Any, width: int | None) -> Iterator[str]:
    labels = [visible(field["label"]) for field in fields]
    room = min(max(map(len, labels), default=0), MAX_LABEL_CHARS) + 2
    for label, field in zip(labels, fields, strict=True):
        told = [*_paragraphs(str(field["value"]), width and max(width - room, MIN_WIDTH))] or [""]
        yield f"{label + ':':{room}}{told[0]}".rstrip()
        yield from (f"{'':{room}}{line}" for line in told[1:])


def _paragraphs(text: str, width: int | None) -> Iterator[str]:
    for line in text.splitlines():
        yield from _wrapped(visible(line), width)


def _wrapped(line: str, width: int | None, *, bold: bool = False) -> Iterator[str]:
    broken = textwrap.wrap(line, width, drop_whitespace=True) if width else [line]
    for part in broken or [""]:
        yield click.style(part, bold=True) if bold else part


def _width() -> int:
    return max(min(shutil.get_terminal_size().columns, MAX_WIDTH) - 2, MIN_WIDTH)
