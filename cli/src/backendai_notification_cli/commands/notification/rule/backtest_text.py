"""What a backtest found, for people."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from backendai_notification_cli.commands.notification.rule import histogram
from backendai_notification_cli.terminal.output import show_lines, warn
from backendai_notification_cli.terminal.pager import columns
from backendai_notification_cli.terminal.times import local_time
from backendai_notification_cli.terminal.visible import visible


def show(told: Mapping[str, Any]) -> None:
    """Print the hits by the hour, the first ones, what differs from the stored rule, and what fails."""
    ascii_only = "utf" not in (sys.stdout.encoding or "").lower()
    show_lines(lines(told, columns(), ascii_only=ascii_only))
    if not told["enabled"]:
        warn("The rule or its channel is disabled: it was tried as if both were enabled")


def lines(told: Mapping[str, Any], width: int, *, ascii_only: bool) -> Iterator[str]:
    """Write what a backtest found, within so many columns."""
    since, until = (local_time(str(told[name])) for name in ("since", "until"))
    yield f"{visible(told['rule_name'])} ({visible(told['rule_type'])}), from {since} to {until}"
    yield (
        f"{count(told['hits'], 'hit')} among {count(told['searched'], 'event')} ({100 * told['share']:.3g} %)"
    )
    if told.get("messages") is not None:
        yield f"{count(told['messages'], 'message')} by once-per and digest, counted from these events alone"
    for name, words in (
        ("failed", "more met the condition, but the message cannot be made"),
        ("empty", "more met the condition, but the message is empty"),
        ("unreadable", "cannot be read"),
    ):
        if told[name]:
            yield f"{told[name]:,} {words}"
    if told["hours"]:
        yield ""
        yield from histogram.lines(told["hours"], width, ascii_only=ascii_only)
    yield from _events("First hits", told["samples"], "message")
    yield from _events("First failures", told["failures"], "error")
    if told["difference"] is not None:
        yield from _difference(told["difference"])


def count(number: int, noun: str) -> str:
    """Write a number with its noun."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _events(title: str, events: Sequence[Mapping[str, Any]], key: str) -> Iterator[str]:
    if not events:
        return
    yield ""
    yield f"{title}:"
    for event in events:
        at = visible(local_time(str(event.get("created_at"))))
        # A template from a file ends in a line break, which says nothing here.
        yield f"  {at}  {visible(event.get('event_id'))}  {visible(str(event.get(key)).rstrip())}"


def _difference(told: Mapping[str, Any]) -> Iterator[str]:
    yield ""
    yield "Beside the stored rule:"
    yield f"  {count(told['both'], 'event')} on which both fire"
    for name, words in (("only_draft", "the draft"), ("only_stored", "the stored rule")):
        first = ", ".join(map(visible, told[f"first_{name}"]))
        more = ", ..." if told[name] > len(told[f"first_{name}"]) else ""
        named = f": {first}{more}" if first else ""
        yield f"  {count(told[name], 'event')} on which only {words} fires{named}"
