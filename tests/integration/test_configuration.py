"""A write of configuration is seen by the next batch, and wakes only those whom it concerns."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from dispatcher.configuration import Configuration
from notifications.awsapi.client import Client
from notifications.core.model import Rule, WebhookSpec
from notifications.store import items, keys, versions
from notifications.store.table import ConfigTable, update
from notifications.store.versions import channel_counter, type_counter
from tests.cloud.aws import client
from tests.cloud.services import services
from tests.integration.configured import CUSTOM, TYPES, channel, opened, rule


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


@pytest.mark.usefixtures("cloud")
def test_too_many_for_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """What has no room in memory is read again, and nothing is missing."""
    from dispatcher import configuration as module  # noqa: PLC0415

    monkeypatch.setattr(module, "MAX_CHANNELS", 3)
    monkeypatch.setattr(module, "MAX_ROUTINGS", 1)
    configuration = opened()
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
