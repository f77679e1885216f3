"""A verdict names what decided it: for each operator the field, what was seen, and what was needed."""

from datetime import UTC, datetime
from typing import Any

import pytest

from notifications.core import verdicts
from notifications.core.conditions import LeafResult
from notifications.core.matching import IndexedRules
from notifications.core.model import Event
from notifications.core.routing import Routing
from notifications.core.verdicts import Verdict
from tests.samples import configuration as samples
from tests.unit.core.test_conditions_explain import OPERATORS, seen

TYPE = samples.event_type({"a": {}})
CHANNEL = samples.channel()


def verdict(data: dict[str, Any], condition: dict[str, Any]) -> Verdict:
    """Say what a rule with this condition makes of an event with these fields."""
    rule = samples.rule(rule_type=TYPE.name, condition=condition, message_template="1")
    event = Event("e", TYPE.name, datetime(2026, 1, 15, tzinfo=UTC), data)
    routing = Routing(TYPE, IndexedRules([rule]), {CHANNEL.id: CHANNEL})
    return verdicts.Verdicts(event, routing, event.timestamp).of(rule)


@pytest.mark.parametrize(
    ("pattern", "good", "bad", "needed", "clause"),
    [row[1:] for row in OPERATORS],
    ids=[row[0] for row in OPERATORS],
)
def test_each_operator(pattern: dict[str, Any], good: Any, bad: Any, needed: str, clause: str) -> None:
    """A rule that fires is told with the leaf that is met, one that does not with the leaf that is not."""
    for value, name in ((good, "fires"), (bad, "unmet")):
        found = verdict({} if value is ... else {"a": value}, pattern)
        leaf = LeafResult("a", "absent" if value is ... else seen(value), needed, clause)
        assert (found.name, found.leaf) == (name, leaf)
        assert found.reason == (str(leaf) if name == "unmet" else None)


def test_a_condition_that_takes_too_many_steps() -> None:
    """A rule of which it cannot be told fails, as its delivery does; one that an index rules out is unmet."""
    long = {"a": [{"x": number, "y": number} for number in range(60_000)]}
    found = verdict(long, {"a": {"x": [-1], "y": [-1], "$or": [{"z": [1]}, {"x": [-2]}]}})
    assert (found.name, found.leaf, found.reason) == ("unmet", None, verdicts.NO_LEAF)
    failed = verdict(long, {"a": {"x": [{"wildcard": "*p*"}], "y": [{"wildcard": "*p*"}]}})
    assert (failed.name, failed.reason) == (
        "failed",
        "its condition takes too many steps with the lists of this event",
    )
