"""Decide about an event: which rules send it. Nothing is rendered here.

The dispatcher plans by this, and ``verdicts`` explains and simulates by it: there is no second way to decide.
"""

from collections.abc import Sequence
from dataclasses import field
from datetime import datetime
from typing import TYPE_CHECKING

from notifications.core import rendering
from notifications.core.errors import SchemaMismatch
from notifications.core.event_records import EventStatus
from notifications.core.incoming import cut_reason
from notifications.core.matching import Match, Skip, match, none_met
from notifications.core.model import Event, Rule
from notifications.core.routing import Routing
from notifications.core.values import value
from notifications.core.variables import Variables

if TYPE_CHECKING:
    from notifications.core.muting import Muted

UNKNOWN_TYPE = "unknown event type"


@value
class Decision:
    """The decision about an event: the ``status`` and ``reason`` of its record, and the rules that fired.

    ``variables``: those of templates. ``matches``: the rules that send it. ``skips``: those that do not,
    because the rule or its channel is off. ``muted``: those that do not, because a mute keeps them back.
    ``undecided``: those whose condition could not be tried, with the reason. No other rule is met.
    """

    status: EventStatus
    reason: str | None = None
    variables: Variables = field(default_factory=Variables)
    matches: Sequence[Match] = ()
    skips: Sequence[Skip] = ()
    undecided: Sequence[tuple[Rule, str]] = ()
    muted: "Sequence[Muted]" = ()


def decide(event: Event, routing: Routing, now: datetime) -> Decision:
    """Decide about an event with this configuration of its type. ``now``: the time whose mutes count."""
    if routing.event_type is None:
        return Decision("refused", UNKNOWN_TYPE)
    try:
        variables = rendering.variables(event, routing.event_type)
    except SchemaMismatch as error:
        return Decision("refused", cut_reason(error.message))
    met = routing.rules.met(event.data)
    if not (met.rules or met.undecided):
        rules = len(routing.rules)
        return Decision("unmatched", none_met(rules) if rules else None, variables)
    matches, skips = match(met.rules, routing.channels)
    muted: Sequence[Muted] = ()
    if routing.mutes:
        matches, muted = routing.mutes.divided(event, matches, now)
    return Decision("dispatched", None, variables, matches, skips, met.undecided, muted)
