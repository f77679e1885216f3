"""A write of configuration is seen by the next batch, and wakes only those whom it concerns."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispatcher.configuration import Configuration
from notifications.awsapi.client import Client
from notifications.core.model import Channel, EventType, Rule, WebhookSpec
from notifications.core.rule_types import BUILT_IN
from notifications.store import items, keys, versions
from notifications.store.table import ConfigTable, update
from notifications.store.versions import BUCKETS, channel_counter, type_counter
from tests.cloud import values
from tests.cloud.aws import client
from tests.cloud.services import services
from tests.proxy.throttle.capacity import size

TYPES = ("session.started", "session.terminated", "custom.one")
CUSTOM = EventType(
    "custom.one", None, {"type": "object"}, created_at="2026", created_by="u", updated_at="2026-01"
)


def opened() -> Configuration:
    """Open the configuration with nothing in memory."""
    return Configuration(
        services().config_table, services().rules, services().channels, services().event_types
    )


@pytest.fixture
def configuration(cloud: None) -> Configuration:  # noqa: ARG001
    """Have the configuration of a dispatcher."""
    return opened()


@contextmanager
def reads() -> Iterator[list[tuple[str, int]]]:
    """Note what is asked of DynamoDB, with the number of keys."""
    noted: list[tuple[str, int]] = []
    call = Client.call

    def note(client: Client, operation: str, **parameters: Any) -> dict[str, Any]:
        wanted = [len(of["Keys"]) for of in parameters.get("RequestItems", {}).values()]
        noted.append((operation, *(wanted or [1])))  # type: ignore[arg-type]
        return call(client, operation, **parameters)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "call", note)
        yield noted


def channel(number: int = 0) -> Channel:
    """Store a channel."""
    made = values.channel(name=f"channel {number}")
    services().channels.create(made)
    return made


def rule(to: Channel, rule_type: str = TYPES[0], **changes: Any) -> Rule:
    """Store a rule."""
    made = values.rule(to, rule_type=rule_type, message_template="{{ session_id }}", **changes)
    services().rules.create(made, BUILT_IN.get(rule_type, CUSTOM))
    return made


def met(configuration: Configuration, rule_type: str = TYPES[0]) -> set[Rule]:
    """Tell which rules the next batch's event meets."""
    configuration.refresh()
    return {*configuration.routing(rule_type).rules}


def sharing(name: str, bucket: Callable[[str], str]) -> str:
    """Find another name that has the same counter."""
    return next(other for n in count() if bucket(other := f"other.{n}") == bucket(name))


def test_another_type(configuration: Configuration) -> None:
    """A write on another event type costs nothing beyond the look at the versions."""
    to = channel()
    kept = {rule(to), rule(to)}
    assert met(configuration) == kept
    rule(to, TYPES[1])
    with reads() as noted:
        assert met(configuration) == kept
    assert noted == [("GetItem", 1)]


def test_another_type_with_the_same_counter(configuration: Configuration) -> None:
    """If it shares the counter, the type's own counter is read besides, and no rule."""
    to = channel()
    kept = {rule(to), rule(to)}
    assert met(configuration) == kept
    for _ in range(3):
        other = replace(CUSTOM, name=sharing(TYPES[0], type_counter))
        services().event_types.create(other)
        with reads() as noted:
            assert met(configuration) == kept
        assert noted == [("GetItem", 1)] * 2
        with reads() as noted:
            assert met(configuration) == kept
        assert noted == [("GetItem", 1)]
        services().event_types.delete(other.name)


def test_new_channels_wake_nobody(configuration: Configuration) -> None:
    """Channels that are made change nothing in memory."""
    kept = {rule(channel())}
    assert met(configuration) == kept
    for number in range(3):
        channel(number)
    with reads() as noted:
        assert met(configuration) == kept
    assert noted == [("GetItem", 1)]


def test_a_channel_of_many(configuration: Configuration) -> None:
    """Of a type's many channels the one that changed is read again, with those that share its counter."""
    made = [channel(number) for number in range(12)]
    kept = {rule(to) for to in made}
    assert len(met(configuration)) == len(kept)
    changed = services().channels.update(made[7].id, {"spec": WebhookSpec("https://example.org/new")})
    sharers = [each for each in made if channel_counter(each.id) == channel_counter(changed.id)]
    with reads() as noted:
        assert len(met(configuration)) == len(kept)
    assert noted == [("GetItem", 1), ("BatchGetItem", len(sharers))]
    assert configuration.routing(TYPES[0]).channels == {each.id: each for each in made} | {
        changed.id: changed
    }


def test_a_channel_of_two_types(configuration: Configuration) -> None:
    """A channel that two types use is new for both, and read once."""
    to = channel()
    rule(to)
    rule(to, TYPES[1])
    met(configuration, TYPES[0])
    met(configuration, TYPES[1])
    services().channels.update(to.id, {"enabled": False})
    with reads() as noted:
        configuration.refresh()
        found = [configuration.routing(name).channels[to.id].enabled for name in TYPES[:2]]
    assert (found, noted) == ([False, False], [("GetItem", 1), ("BatchGetItem", 1)])


def test_the_table_was_changed_by_hand(configuration: Configuration, table: ConfigTable) -> None:
    """Whoever changes items in another way raises one counter, and everything is read again."""
    made = rule(channel())
    assert met(configuration) == {made}
    assert [summary.name for summary in services().rules.summaries()] == [made.name]
    renamed = update(keys.rule(made.id), items.changes({"name": "by hand"}))
    counted = update(keys.version(), {versions.EVERYTHING: items.attribute(1)})
    for parameters in (renamed, counted):
        client("dynamodb").update_item(TableName="config", **parameters)
    assert table.versions().everything == 1
    assert {each.name for each in met(configuration)} == {"by hand"}
    assert [summary.name for summary in services().rules.summaries()] == ["by hand"]


def test_too_many_for_memory(configuration: Configuration, monkeypatch: pytest.MonkeyPatch) -> None:
    """What has no room in memory is read again, and nothing is missing."""
    from dispatcher import configuration as module  # noqa: PLC0415

    monkeypatch.setattr(module, "MAX_CHANNELS", 3)
    monkeypatch.setattr(module, "MAX_ROUTINGS", 1)
    for name in TYPES[:2]:
        for number in range(5):
            rule(channel(number), name)
    for name in (*TYPES[:2], TYPES[0]):
        assert len(met(configuration, name)) == 5
        assert len(configuration.routing(name).channels) == 5


@pytest.mark.parametrize("name", ["nobody", "x" * 3_000])
def test_a_type_that_is_not_there(configuration: Configuration, name: str) -> None:
    """An unknown type meets nothing, until it is made."""
    assert configuration.routing(name).event_type is None
    made = replace(CUSTOM, name=name[:100])
    services().event_types.create(made)
    configuration.refresh()
    assert configuration.routing(made.name).event_type == made


def test_the_counters_are_small() -> None:
    """With a hundred thousand writes in every counter the item is one unit to read and one to write."""
    names = {counter(str(n)) for counter in (type_counter, channel_counter) for n in range(5_000)}
    assert len(names) == 2 * BUCKETS
    counters = {name: {"N": "99999"} for name in (*names, "CHANNEL", "RULE", "writes")}
    assert size(keys.version() | counters) <= 1_024


writes = st.lists(
    st.tuples(
        st.sampled_from(
            ["rule", "disable", "delete", "channel", "channel off", "schema", "template", "force"]
        ),
        st.integers(0, 5),
        st.sampled_from(TYPES),
    ),
    min_size=4,
    max_size=12,
)


@given(writes)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_written_is_seen(cloud: None, done: list[tuple[str, int, str]]) -> None:  # noqa: ARG001
    """After any writes, the next batch meets exactly what one meets that has nothing in memory."""
    if services().config_table.type_version(CUSTOM.name) == 0:
        services().event_types.create(CUSTOM)
    configuration, channels, rules = opened(), [channel()], list[Rule]()
    for what, number, name in done:
        _write(what, number, name, channels, rules)
        configuration.refresh()
        fresh = opened()
        for each in TYPES:
            assert configuration.routing(each) == fresh.routing(each), (what, each)


def _write(what: str, number: int, name: str, channels: list[Channel], rules: list[Rule]) -> None:
    to = channels[number % len(channels)]
    present = services().event_types.get(CUSTOM.name)
    match what:
        case "channel":
            channels.append(channel(number))
        case "channel off":
            services().channels.update(to.id, {"enabled": number % 2 == 0, "updated_at": str(number)})
        case "schema":
            count = services().event_types.rule_writes(CUSTOM.name)
            schema = {"type": "object", "title": str(number)}
            services().event_types.update(
                CUSTOM.name, {"json_schema": schema, "updated_at": str(number)}, count
            )
        case "force" if len(channels) > 1:
            services().channels.delete(to.id, with_rules=True)
            channels.remove(to)
            rules[:] = [each for each in rules if each.channel_id != to.id]
        case "rule":
            made = values.rule(to, rule_type=name)
            services().rules.create(made, BUILT_IN.get(name, present))
            rules.append(made)
        case "disable" | "template" | "delete" if rules:
            picked = rules[number % len(rules)]
            if what == "delete":
                services().rules.delete(picked.id)
                rules.remove(picked)
            else:
                changes = (
                    {"enabled": number % 2 == 0} if what == "disable" else {"message_template": str(number)}
                )
                services().rules.update(picked, changes, BUILT_IN.get(picked.rule_type, present))
