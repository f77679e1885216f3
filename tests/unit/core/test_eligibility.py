"""One answer to whether a delivery may go out, whoever asks."""

from itertools import product

import pytest

from notifications.core.eligibility import destination
from tests.samples.configuration import channel, rule

RULES = {"on": rule(), "off": rule(enabled=False), "gone": None}
CHANNELS = {"on": channel(), "off": channel(enabled=False), "gone": None}

REASONS = {
    ("on", "on"): None,
    ("on", "off"): "channel_disabled",
    ("on", "gone"): "channel_deleted",
    ("off", "on"): "rule_disabled",
    ("off", "off"): "rule_disabled",
    ("off", "gone"): "rule_disabled",
    ("gone", "on"): "rule_deleted",
    ("gone", "off"): "channel_disabled",
    ("gone", "gone"): "channel_deleted",
}


@pytest.mark.parametrize(("of_rule", "of_channel"), [*product(RULES, CHANNELS)])
def test_each_pair_of_states(of_rule: str, of_channel: str) -> None:
    """A rule's own switch is told first, a rule that is gone last, as it may have gone with its channel."""
    found = destination(RULES[of_rule], CHANNELS[of_channel])
    assert found == (REASONS[of_rule, of_channel] or CHANNELS["on"])


@pytest.mark.parametrize("of_rule", RULES)
def test_by_hand_the_rule_does_not_matter(of_rule: str) -> None:
    """What an operator sends again goes out without its rule, but never to a channel that is off or gone."""
    assert destination(RULES[of_rule], CHANNELS["on"], by_hand=True) == CHANNELS["on"]
    assert destination(RULES[of_rule], CHANNELS["off"], by_hand=True) == "channel_disabled"
    assert destination(RULES[of_rule], None, by_hand=True) == "channel_deleted"
