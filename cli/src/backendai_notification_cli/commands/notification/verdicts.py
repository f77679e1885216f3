"""What rules make of an event: all pages of it, and how it is shown."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from backendai_notification_cli.terminal.counts import counted
from backendai_notification_cli.terminal.kinds import Kind
from backendai_notification_cli.terminal.output import show_lines
from backendai_notification_cli.terminal.progress import Counting
from backendai_notification_cli.terminal.times import told_time
from backendai_notification_cli.terminal.visible import shortened, visible, visible_text

if TYPE_CHECKING:
    from backendai_notification_cli.http.api import Api

PAGE_SIZE = 1_000
"""How many rules a page has. For each page the service reads all rules of the type."""

SHOWN_UNMET = 20
"""How many rules whose condition is not met are listed, unless all are asked for."""

SHOWN_DETAILS = 10
"""How many rules are shown with what they send, unless all are asked for."""

SENDING = ("fires", "collected", "observes")
ORDER = (*SENDING, "failed", "muted", "repeated", "withheld", "empty", None, "unmet")
"""What an operator looks for first."""

UNKNOWN = "unknown"
WIDTH = max(len(name or UNKNOWN) for name in ORDER)
MAX_NAMES_WIDTH = 50
"""How wide the column of the rules' and channels' names becomes at most."""

INDENT = " " * 2

SIMULATION = Kind(labels={}, fields=("status", "reason", "rules", "notes"), whole=True)
EXPLANATION = replace(SIMULATION, fields=("event", "as_of", "approximate", *SIMULATION.fields))

Verdict = Mapping[str, Any]
"""What one rule makes of the event, as the API has it."""

Verdicts = Mapping[str, Any]
"""The verdicts of all rules, under ``rules``, and what the API tells about the event."""


def read_all(api: "Api", ask: Callable[[str | None], dict[str, Any]]) -> dict[str, Any]:
    """Read all pages of verdicts into one. ``ask``: gets the page at a cursor."""
    progress = Counting("Looked at", "rules")
    reply = ask(None)
    rules, cursor = api.objects(reply, "rules"), None
    page = reply
    while (cursor := api.following(page, cursor)) is not None:
        progress.show(len(rules), reply.get("total"))
        page = ask(cursor)
        rules += api.objects(page, "rules")
    progress.end()
    return {**{name: part for name, part in reply.items() if name not in {"next", "total"}}, "rules": rules}


def fires(verdicts: Verdicts) -> bool:
    """Return whether a rule fires, or would if it did more than observe, or has fired once."""
    return any(rule.get("verdict") in SENDING or _was_sent(rule) for rule in verdicts["rules"])


def _was_sent(rule: Verdict) -> bool:
    delivery = rule.get("delivery")
    return bool(delivery and delivery.get("status") != "skipped" and delivery.get("attempt_count"))


def ranked(rules: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Put the rules first that send, and last those whose condition is not met."""
    return sorted(rules, key=lambda rule: ORDER.index(rule.get("verdict")))


def show(verdicts: Verdicts, *first: str, every: bool, detailed: bool) -> None:
    """Print some lines, then what rules make of an event; see ``lines``."""
    nothing = () if verdicts["rules"] else ("No rules of this event type",)
    show_lines((*first, *nothing, *lines(verdicts, every=every, detailed=detailed)))


def lines(verdicts: Verdicts, *, every: bool, detailed: bool) -> Iterator[str]:
    """Write a line for each rule, then the messages of those that send.

    ``every``: also if there are many. ``detailed``: show every rule in detail, and not on one line.
    """
    rules = ranked(verdicts["rules"])
    if detailed:
        for rule in rules:
            yield from _details(rule)
        return
    unmet = sum(rule.get("verdict") == "unmet" for rule in rules)
    hidden = 0 if every else max(0, unmet - SHOWN_UNMET)
    listed = rules[: len(rules) - hidden]
    width = min(MAX_NAMES_WIDTH, max((len(_named(rule)) for rule in listed), default=0))
    for rule in listed:
        yield _line(rule, width)
    if hidden:
        yield f"{'':{WIDTH}}  and {hidden:,} more whose condition is not met: --all lists them"
    shown = [rule for rule in rules if rule.get("verdict") in {*SENDING, "failed"}]
    for rule in shown if every else shown[:SHOWN_DETAILS]:
        yield ""
        yield from _details(rule)
    if len(shown) > SHOWN_DETAILS and not every:
        yield ""
        yield f"{len(shown) - SHOWN_DETAILS:,} more send or fail: --all shows all of them, --rule ID one"


def _line(rule: Verdict, width: int) -> str:
    """Write a rule on one line: verdict, names, and what became of it or why it does not send."""
    verdict = visible(rule.get("verdict") or UNKNOWN)
    return f"{verdict:{WIDTH}}  {_named(rule):{width}}  {shortened(visible(_told(rule)))}".rstrip()


def _told(rule: Verdict) -> str:
    why, delivery = rule.get("reason") or "", rule.get("delivery")
    if not delivery:
        return str(why)
    outcome, reason = _outcome(delivery), delivery.get("reason")
    if outcome.endswith(why):
        return outcome
    if reason and why.startswith(reason) and outcome.endswith(reason):
        return f"{outcome.removesuffix(reason)}{why}"  # why says the same, and more
    return f"{outcome}; {why}"


def _named(rule: Verdict) -> str:
    mark = " (draft)" if rule.get("draft") else ""
    to = rule.get("channel") or rule.get("channel_id")
    return f"{visible(rule.get('name') or rule.get('rule_id'))}{mark} → {visible(to or 'no channel')}"


def _details(rule: Verdict) -> Iterator[str]:
    """Write everything about a rule below its name."""
    yield f"{visible(rule.get('verdict') or UNKNOWN)}: {_named(rule)}"
    leaf = rule.get("deciding") or {}
    revision = "" if rule.get("revision") is None else f", revision {rule['revision']}"
    yield from _labelled(
        ("Rule", f"{rule.get('rule_id')}{revision}"),
        ("Channel", rule.get("channel_id")),
        ("Reason", None if leaf and rule.get("verdict") == "unmet" else rule.get("reason")),
        ("Seen", leaf and f"{leaf.get('path')} is {leaf.get('seen')}"),
        ("Needed", leaf and f"{leaf.get('needed')}  ({leaf.get('clause')})"),
        ("Delivery", rule.get("delivery") and f"{rule['delivery'].get('id')}: {_outcome(rule['delivery'])}"),
        ("Request", rule.get("url") and f"{rule.get('method')} {rule['url']}"),
        *((f"{INDENT}{name}", value) for name, value in (rule.get("headers") or {}).items()),
        ("SHA-256", rule.get("sha256")),
        ("To", ", ".join(rule.get("recipients") or ())),
        *((f"Not to {name}", reason) for name, reason in (rule.get("unsent") or {}).items()),
        ("Subject", rule.get("subject")),
    )
    if rule.get("message") is not None:
        yield f"{INDENT}Message:{' (cut; --rule ID shows all of it)' if rule.get('message_cut') else ''}"
        yield from (f"{INDENT * 2}{line}" for line in visible_text(str(rule["message"])).splitlines())


def _labelled(*values: tuple[str, Any]) -> Iterator[str]:
    for label, value in values:
        if value:
            yield f"{INDENT}{visible(label)}: {visible(value)}"


def _outcome(delivery: Mapping[str, Any]) -> str:
    attempts = int(delivery.get("attempt_count") or 0)
    parts = [visible(delivery.get("status"))]
    if attempts:
        parts.append(counted(attempts, "attempt"))
    if delivery.get("last_status") is not None:
        parts.append(f"last status {delivery['last_status']}")
    reason = delivery.get("reason")
    if reason and delivery.get("status") != "delivered":
        parts.append(visible(reason))
    return ", ".join(parts)


def headline(event: Mapping[str, Any], as_of: object, *, approximate: bool) -> str:
    """Name the event, and the time of the configuration."""
    reason = f" ({visible(event['reason'])})" if event.get("reason") else ""
    shown = ", ".join(visible(event.get(key)) for key in ("rule_type", "status"))
    when = f"{'about ' if approximate else ''}{told_time(str(as_of))}"
    return f"{visible(event.get('id'))}: {shown}{reason}; with the configuration of {when}"
