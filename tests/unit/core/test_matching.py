"""Which rules of an event's type are sent, and why the others are not."""

from hypothesis import given
from hypothesis import strategies as st

from notifications.core.matching import TOO_EXPENSIVE, IndexedRules, Match, Skip, match
from tests.samples.configuration import channel, rule


def test_enabled_rule_with_enabled_channel_matches() -> None:
    """A rule is sent when it and its channel are enabled."""
    assert match([rule()], {"channel-1": channel()}) == ([Match(rule(), channel())], [])


def test_disabled_rule() -> None:
    """A disabled rule is passed over, whatever its channel is."""
    disabled = rule(enabled=False)
    assert match([disabled], {}) == ([], [Skip(disabled, "rule_disabled")])


def test_disabled_channel() -> None:
    """A rule whose channel is disabled is passed over with that reason."""
    channels = {"channel-1": channel(enabled=False)}
    assert match([rule()], channels) == ([], [Skip(rule(), "channel_disabled")])


def test_deleted_channel() -> None:
    """A rule whose channel is gone is passed over with that reason."""
    assert match([rule()], {"other": channel()}) == ([], [Skip(rule(), "channel_deleted")])


@given(st.lists(st.tuples(st.booleans(), st.sampled_from(["on", "off", "gone"]))))
def test_every_rule_is_told_once(states: list[tuple[bool, str]]) -> None:
    """Each rule of an event is either sent or passed over, never both and never neither."""
    channels = {"on": channel(id="on"), "off": channel(id="off", enabled=False)}
    rules = [rule(id=str(n), enabled=on, channel_id=to) for n, (on, to) in enumerate(states)]
    matches, skips = match(rules, channels)
    told = [found.rule.id for found in matches] + [skip.rule.id for skip in skips]
    assert sorted(told) == sorted(each.id for each in rules)
    assert [found.rule for found in matches] == [
        each for each in rules if each.enabled and each.channel_id == "on"
    ]


def test_rules_are_met_by_their_conditions() -> None:
    """A rule without a condition is met by each event, another one by those whose fields meet it."""
    rules = [rule(id="all"), rule(id="one", condition={"a": [1]}), rule(id="other", condition={"a": [2]})]
    indexed = IndexedRules(rules)
    assert [found.id for found in indexed.met({"a": 1}).rules] == ["all", "one"]
    assert [found.id for found in indexed.met({}).rules] == ["all"]
    assert (len(indexed), [*indexed]) == (3, rules)
    assert indexed == IndexedRules([*rules])
    assert indexed != IndexedRules([])


def test_a_condition_that_cannot_be_decided_is_told() -> None:
    """A rule whose condition cannot be read or tried is not met, and the reason is told."""
    dear = rule(id="dear", condition={"a": [{"wildcard": f"*{letter}*"} for letter in "bcdefghij"]})
    broken = rule(id="broken", condition={"a": "x"})
    met = IndexedRules([dear, broken, rule(id="all")]).met({"a": ["x"] * 50_000})
    assert [found.id for found in met.rules] == ["all"]
    told = {found.id: reason for found, reason in met.undecided}
    assert told == {
        "dear": TOO_EXPENSIVE,
        "broken": 'condition: a: a field takes a list of alternatives: write ["x"]',
    }
