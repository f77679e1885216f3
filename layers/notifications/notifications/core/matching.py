"""Which rules an event meets, and why the others are passed over."""

from collections.abc import Iterable, Mapping
from typing import Literal

from notifications.core.model import Channel, Rule
from notifications.core.values import value

SkipReason = Literal["rule_deleted", "rule_disabled", "channel_disabled", "channel_deleted"]

EMPTY_MESSAGE = "empty message"
"""Why a delivery is skipped whose template made nothing that could be read."""


@value
class Match:
    """A rule that an event meets, with the channel to send to."""

    rule: Rule
    channel: Channel


@value
class Skip:
    """A rule of the event's type that sends nothing, with the reason."""

    rule: Rule
    reason: SkipReason


def rule_reason(rule: Rule | None) -> SkipReason | None:
    """Tell why nothing is sent for a rule, which is None if it is gone; None if its deliveries may go out."""
    if rule is None:
        return "rule_deleted"
    return None if rule.enabled else "rule_disabled"


def match(rules: Iterable[Rule], channels: Mapping[str, Channel]) -> tuple[list[Match], list[Skip]]:
    """Part the rules of one event type into those to send and those to pass over."""
    matches: list[Match] = []
    skips: list[Skip] = []
    for rule in rules:
        channel = channels.get(rule.channel_id)
        if (reason := rule_reason(rule)) is not None:
            skips.append(Skip(rule, reason))
        elif channel is None:
            skips.append(Skip(rule, "channel_deleted"))
        elif not channel.enabled:
            skips.append(Skip(rule, "channel_disabled"))
        else:
            matches.append(Match(rule, channel))
    return matches, skips
