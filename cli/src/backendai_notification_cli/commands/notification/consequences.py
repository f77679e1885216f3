"""What is lost when a channel, a rule or an event type is deleted."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from backendai_notification_cli.http import names
from backendai_notification_cli.terminal.counts import counted
from backendai_notification_cli.terminal.deletion import DELETE, NONE, Consequences

if TYPE_CHECKING:
    from backendai_notification_cli.http.api import Api

WAITING = ("pending", "held")
COUNTED = 1_000
"""How many waiting deliveries are counted at most."""

MAX_RULES = 20
"""How many rules are listed for eyes."""

IN_ITS_WAY = "in its way: --force deletes it too"


def of_channel(api: "Api", channel: Mapping[str, Any], *, force: bool) -> Consequences:
    """Say which channel is deleted, with which rules, and what is not sent then."""
    channel_id = str(channel.get("id"))
    rules = rules_of(api, channel_id)
    waiting = _waiting(api, {"channel": channel_id})
    in_use = f"{counted(len(rules), 'rule')} in its way" if rules and not force else None
    fate = "deleted with it" if force else IN_ITS_WAY
    lines = [f"Channel {channel.get('name')} ({channel_id})"]
    lines += [f"  rule {rule.get('name')} ({rule.get('id')}): {fate}" for rule in rules[:MAX_RULES]]
    if len(rules) > MAX_RULES:
        lines.append(f"  and {len(rules) - MAX_RULES} more rules")
    return Consequences(
        [
            {**_going("channel", channel, in_use), "waiting": waiting},
            *(_going("rule", rule, None if force else IN_ITS_WAY) for rule in rules),
        ],
        [*lines, *_unsent(waiting)],
    )


def of_rule(api: "Api", rule: Mapping[str, Any]) -> Consequences:
    """Say which rule is deleted, and what is not sent then."""
    channel = (rule.get("channel") or {}).get("name")
    waiting = _waiting(api, {"rule": str(rule.get("id"))})
    line = f"Rule {rule.get('name')} ({rule.get('id')}): {rule.get('rule_type')} to {channel}"
    return Consequences([{**_going("rule", rule), "waiting": waiting}], [line, *_unsent(waiting)])


def of_event_type(event_type: Mapping[str, Any]) -> Consequences:
    """Say which event type is deleted."""
    return Consequences([_going("event_type", event_type)], [f"Event type {event_type.get('name')}"])


def rules_of(api: "Api", channel_id: str) -> list[dict[str, Any]]:
    """Return the rules of a channel."""
    found = names.RULE.every(api, {"channel_id": channel_id})
    # A service that does not know this filter yet has sent others too.
    return [rule for rule in found if rule.get("channel_id") == channel_id]


def _going(kind: str, item: Mapping[str, Any], kept_by: str | None = None) -> dict[str, Any]:
    """Say what would be done with an object. ``kept_by``: why it would stay; None if it would not."""
    action = DELETE if kept_by is None else NONE
    named = {name: item[name] for name in ("id", "name") if name in item}
    return {"action": action, "kind": kind, **named, "reason": kept_by}


def _waiting(api: "Api", query: Mapping[str, str]) -> dict[str, int]:
    """Count the deliveries that are not sent any more, by status, to a limit."""
    counts = {}
    for status in WAITING:
        records = api.records("deliveries", "/notifications/deliveries", {**query, "status": status}, COUNTED)
        counts[status] = sum(1 for _ in islice(records, COUNTED))
    return counts


def _unsent(waiting: Mapping[str, int]) -> Iterator[str]:
    for status, count in waiting.items():
        if count:
            most = "at least " if count == COUNTED else ""
            noun = "delivery is" if count == 1 else "deliveries are"
            yield f"  {most}{count:,} {status} {noun} not sent any more"
