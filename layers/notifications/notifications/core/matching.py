"""Which rules an event meets, and why the others are passed over."""

from collections.abc import Iterable, Mapping
from typing import Literal

from notifications.core.model import Channel, Rule
from notifications.core.values import value

SkipReason = Literal["rule_disabled", "channel_disabled", "channel_deleted"]

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


def match(rules: Iterable[Rule], channels: Mapping[str, Channel]) -> tuple[list[Match], list[Skip]]:
    """Part the rules of one event type into those to send and those to pass over."""
    matches: list[Match] = []
    skips: list[Skip] = []
    for rule in rules:
        channel = channels.get(rule.channel_id)
        if not rule.enabled:
            skips.append(Skip(rule, "rule_disabled"))
        elif channel is None:
            skips.append(Skip(rule, "channel_deleted"))
        elif not channel.enabled:
            skips.append(Skip(rule, "channel_disabled"))
        else:
            matches.append(Match(rule, channel))
    return matches, skips
