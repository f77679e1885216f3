"""Custom event types in the config table, beside the built-in ones."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from notifications.core.errors import EntityNotFound, EventTypeConflict
from notifications.core.rule_types import BUILT_IN
from notifications.store.channels import ChannelStore
from notifications.store.event_types import EventTypeStore
from notifications.store.rules import RuleStore
from notifications.store.table import ConfigTable
from tests.cloud.values import USED_UP, channel, rule


def test_create_and_get(event_types: EventTypeStore) -> None:
    """A type comes back exactly as it was, fractions in its schema too."""
    event_types.create(USED_UP)
    assert event_types.get(USED_UP.name) == USED_UP


def test_built_in_types(event_types: EventTypeStore) -> None:
    """Built-in types are there without being kept, before all others; they cannot be made or changed."""
    event_types.create(USED_UP)
    event_types.create(replace(USED_UP, name="older", created_at="2025-01-01"))
    assert event_types.get("session.started") == BUILT_IN["session.started"]
    assert [kind.name for kind in event_types.all()] == [*BUILT_IN, "older", USED_UP.name]
    with pytest.raises(EventTypeConflict):
        event_types.create(replace(USED_UP, name="session.started"))
    with pytest.raises(EventTypeConflict):
        event_types.update("session.started", {"description": "d"}, 0)
    with pytest.raises(EventTypeConflict):
        event_types.delete("session.started")


def test_create_twice(event_types: EventTypeStore, table: ConfigTable) -> None:
    """A name is given once: the second is refused, and changes nothing."""
    event_types.create(USED_UP)
    with pytest.raises(EventTypeConflict):
        event_types.create(replace(USED_UP, description="other"))
    assert (event_types.get(USED_UP.name), table.versions().writes) == (USED_UP, 1)


def test_unknown(event_types: EventTypeStore, table: ConfigTable) -> None:
    """A type that was never made is not found, whatever is asked of it."""
    with pytest.raises(EntityNotFound):
        event_types.get("nobody")
    with pytest.raises(EntityNotFound):
        event_types.rule_writes("nobody")
    with pytest.raises(EntityNotFound):
        event_types.delete("nobody")
    with pytest.raises(EventTypeConflict):
        event_types.update("nobody", {"description": "d"}, 0)
    assert ([kind.name for kind in event_types.all()], table.versions().writes) == ([*BUILT_IN], 0)


def test_update(event_types: EventTypeStore) -> None:
    """A new schema comes back exactly as it was given; what is not given stays."""
    event_types.create(replace(USED_UP, description="d"))
    schema = {"type": "object", "properties": {"share": {"type": "number", "maximum": 0.75}}}
    changed = event_types.update(USED_UP.name, {"json_schema": schema, "updated_at": "2026-02-01"}, 0)
    assert changed == replace(USED_UP, description="d", json_schema=schema, updated_at="2026-02-01")
    assert event_types.get(USED_UP.name) == changed
    assert event_types.all()[-1] == changed


def test_update_after_a_rule_was_changed(
    event_types: EventTypeStore, rules: RuleStore, channels: ChannelStore, table: ConfigTable
) -> None:
    """A schema that was checked against older rules is refused after every kind of change to a rule."""
    event_types.create(USED_UP)
    on = channel()
    channels.create(on)
    made = rule(on, rule_type=USED_UP.name)
    steps: list[Callable[[], object]] = [
        lambda: rules.create(made, USED_UP),
        lambda: rules.update(made, {"message_template": "new"}, USED_UP),
        lambda: rules.delete(made.id),
    ]
    for step in steps:
        seen = event_types.rule_writes(USED_UP.name)
        step()
        before = table.versions().writes
        with pytest.raises(EventTypeConflict):
            event_types.update(USED_UP.name, {"description": "d"}, seen)
        assert (event_types.get(USED_UP.name), table.versions().writes) == (USED_UP, before)
    event_types.update(USED_UP.name, {"description": "d"}, event_types.rule_writes(USED_UP.name))
    assert event_types.get(USED_UP.name).description == "d"


def test_delete_in_use(
    event_types: EventTypeStore, rules: RuleStore, channels: ChannelStore, table: ConfigTable
) -> None:
    """A type that rules use stays, disabled ones count too; after the last of them it can go."""
    event_types.create(USED_UP)
    on = channel()
    channels.create(on)
    made = [rule(on, rule_type=USED_UP.name), rule(on, rule_type=USED_UP.name, enabled=False)]
    for each in made:
        rules.create(each, USED_UP)
    for each in made:
        before = table.versions().writes
        with pytest.raises(EventTypeConflict):
            event_types.delete(USED_UP.name)
        assert table.versions().writes == before
        rules.delete(each.id)
    event_types.delete(USED_UP.name)
    with pytest.raises(EntityNotFound):
        event_types.get(USED_UP.name)


def test_every_write_raises_the_version_by_one(event_types: EventTypeStore, table: ConfigTable) -> None:
    """Creation, change and deletion each raise the version by exactly one."""
    event_types.create(USED_UP)
    assert table.versions().writes == 1
    event_types.update(USED_UP.name, {"description": "changed"}, 0)
    assert table.versions().writes == 2
    event_types.delete(USED_UP.name)
    assert table.versions().writes == 3
