"""What commands about revisions share: columns, and differences as lines."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import click

from backendai_notification_cli.http.service import connect
from backendai_notification_cli.terminal.kinds import Column, Kind
from backendai_notification_cli.terminal.numbers import Number
from backendai_notification_cli.terminal.output import show_all, show_lines, show_reply
from backendai_notification_cli.terminal.visible import visible

COLOURS = {"-": "red", "+": "green", "@": "cyan"}
NO_NEWLINE = "\\ No newline at the end"
MAX_SHORT = 80
"""How many characters of JSON are written on one line."""

LABELS = {
    "Revision": "number",
    "Action": "action",
    "By": "by",
    "At": "created_at",
    "Name": "name",
    "Changed": "changed",
}
NUMBER = Number(1)


def as_texts(revision: Mapping[str, Any]) -> dict[str, Any]:
    """Write a revision's author and its changed fields as texts."""
    return {**revision, "by": author(revision), "changed": ", ".join(revision.get("changed") or ())}


def author(revision: Mapping[str, Any]) -> str:
    """Name who made a change: by the keypair's name if it has one, and by its access key."""
    by = revision.get("by")
    if by is None:
        return "not known" if revision.get("action") == "found" else "the service"
    name, key = by.get("name"), by.get("access_key")
    return f"{name} ({key})" if name else f"{key} (user {by.get('user_id')})"


def short_author(revision: Mapping[str, Any]) -> str:
    """Name who made a change as shortly as a table does."""
    by = revision.get("by")
    return str(by.get("name") or by.get("access_key")) if by else author(revision)


REVISION = Kind(
    labels=LABELS,
    nothing="No revisions yet: nothing was changed since they are kept",
    fields=("number", "action", "by", "created_at", "name", "changed"),
    columns=(
        Column("revision", "number", "number"),
        Column("when", "created_at", "time"),
        Column("action", "action"),
        Column("by", short_author),
        Column("changed", "changed"),
    ),
    id="number",
    block=as_texts,
)
COMPARED = Kind(labels={}, fields=(*REVISION.fields, "state", "compared_to", "differences"), id="number")
"""A revision beside another one."""


def show_history(path: str, limit: int | None) -> None:
    """List the revisions of what is at a path."""
    found = connect().records("revisions", f"{path}/revisions", {}, limit)
    show_all(found)


def show_differences(path: str, old: int, new: int) -> None:
    """Show how two revisions of what is at a path differ, in colours on a terminal."""
    reply = connect().item("revision", "GET", f"{path}/revisions/{new}?compared_to={old}")
    lines = [*difference_lines(reply.get("differences") or ())] or ["No differences"]
    show_reply(reply, lambda: show_lines(click.style(line, fg=COLOURS.get(line[0])) for line in lines))


def difference_lines(differences: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Write differences: a line before and after for each field, a unified diff of what has several lines."""
    for difference in differences:
        field, old, new = visible(difference.get("field")), difference.get("old"), difference.get("new")
        texts = [None if value is None else text_of(value) for value in (old, new)]
        if any(text is not None and "\n" in text for text in texts):
            yield f"  {field}:"
            yield from unified(*texts)
        else:
            yield from (
                f"{mark} {field}: {visible(text)}"
                for mark, text in zip("-+", texts, strict=True)
                if text is not None
            )


def text_of(value: object) -> str:
    """Write a value: a text as it is, what is long over several lines."""
    if isinstance(value, str):
        return value
    short = json.dumps(value, ensure_ascii=False)
    return short if len(short) <= MAX_SHORT else json.dumps(value, indent=2, ensure_ascii=False)


def unified(old: str | None, new: str | None) -> Iterator[str]:
    """Write how one text becomes another, as a unified diff without its heading."""
    from difflib import unified_diff  # 5 ms, for few commands

    # Only at line feeds, so that a carriage return before one is a difference that can be seen.
    before, after = (re.findall(r"[^\n]*\n|[^\n]+", text or "") for text in (old, new))
    is_end_told = old is not None and new is not None and old.endswith("\n") != new.endswith("\n")
    for number, line in enumerate(unified_diff(before, after)):
        if number > 1:  # the first two name files
            yield visible(line.removesuffix("\n"))
            if is_end_told and not line.endswith("\n"):
                yield NO_NEWLINE
