"""Which rules match an event, and why the others are skipped."""

from collections.abc import Iterable, Mapping

from notifications.core.eligibility import Withheld, destination
from notifications.core.model import Channel, Rule
from notifications.core.values import value


@value
class Match:
    """A rule that matches an event, and its channel."""

    rule: Rule
    channel: Channel


@value
class Skip:
    """A rule of the event's type that sends nothing, and the reason."""

    rule: Rule
    reason: Withheld


def match(rules: Iterable[Rule], channels: Mapping[str, Channel]) -> tuple[list[Match], list[Skip]]:
    """Split the rules of one event type into those that send and those that are skipped."""
    matches: list[Match] = []
    skips: list[Skip] = []
    for rule in rules:
        found = destination(rule, channels.get(rule.channel_id))
        if isinstance(found, str):
            skips.append(Skip(rule, found))
        else:
            matches.append(Match(rule, found))
    return matches, skips
