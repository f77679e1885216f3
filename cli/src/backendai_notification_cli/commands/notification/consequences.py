"""What is lost when a channel or a rule is deleted."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from backendai_notification_cli.http import names

if TYPE_CHECKING:
    from backendai_notification_cli.http.api import Api

WAITING = ("pending", "held")
COUNTED = 1_000
"""How many waiting deliveries are counted at most."""

MAX_RULES = 20
"""How many rules are listed."""


def of_channel(api: "Api", channel: Mapping[str, Any], *, force: bool) -> Iterator[str]:
    """Say which channel is deleted, with which rules, and what is not sent then."""
    channel_id = str(channel.get("id"))
    yield f"Channel {channel.get('name')} ({channel_id})"
    rules = rules_of(api, channel_id)
    fate = "deleted with it" if force else "in its way: --force deletes it too"
    yield from (f"  rule {rule.get('name')} ({rule.get('id')}): {fate}" for rule in rules[:MAX_RULES])
    if len(rules) > MAX_RULES:
        yield f"  and {len(rules) - MAX_RULES} more rules"
    yield from _waiting(api, {"channel": channel_id})


def of_rule(api: "Api", rule: Mapping[str, Any]) -> Iterator[str]:
    """Say which rule is deleted, and what is not sent then."""
    channel = (rule.get("channel") or {}).get("name")
    yield f"Rule {rule.get('name')} ({rule.get('id')}): {rule.get('rule_type')} to {channel}"
    yield from _waiting(api, {"rule": str(rule.get("id"))})


def rules_of(api: "Api", channel_id: str) -> list[dict[str, Any]]:
    """Return the rules of a channel."""
    found = names.RULE.every(api, {"channel_id": channel_id})
    # A service that does not know this filter yet has sent others too.
    return [rule for rule in found if rule.get("channel_id") == channel_id]


def _waiting(api: "Api", query: Mapping[str, str]) -> Iterator[str]:
    for status in WAITING:
        records = api.records("deliveries", "/notifications/deliveries", {**query, "status": status}, COUNTED)
        count = sum(1 for _ in islice(records, COUNTED))
        if count:
            most = "at least " if count == COUNTED else ""
            noun = "delivery is" if count == 1 else "deliveries are"
            yield f"  {most}{count:,} {status} {noun} not sent any more"
