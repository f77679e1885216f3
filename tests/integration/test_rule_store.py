"""Rules in the config table, and the counts that keep channels and types in use."""

from dataclasses import replace

import pytest

from notifications.core.errors import (
    ChannelConflict,
    EntityNotFound,
    EventTypeConflict,
    InvalidRequest,
    RuleConflict,
)
from notifications.core.model import Channel, Rule
from notifications.core.rule_types import BUILT_IN
from notifications.store.channels import ChannelStore
from notifications.store.event_types import EventTypeStore
from notifications.store.revising import Overtaken
from notifications.store.rules import RuleStore
from notifications.store.table import ConfigTable, Operation
from notifications.store.versions import Concern
from tests.cloud.values import USED_UP, channel, rule

STARTED, TERMINATED = BUILT_IN["session.started"], BUILT_IN["session.terminated"]


@pytest.fixture
def on(channels: ChannelStore) -> Channel:
    """Keep a channel."""
    made = channel()
    channels.create(made)
    return made


@pytest.fixture
def kept(rules: RuleStore, on: Channel) -> Rule:
    """Keep a rule."""
    made = rule(on)
    rules.create(made, STARTED)
    return made


def test_create_and_get(rules: RuleStore, on: Channel) -> None:
    """A rule comes back exactly as it was."""
    made = rule(on, description="ü", message_template="{{ x }}\n" * 8_000, enabled=False)
    rules.create(made, STARTED)
    assert rules.get(made.id) == made
    assert rules.get_many([made.id, "nobody"]) == {made.id: made}


def test_create_without_channel(rules: RuleStore, table: ConfigTable) -> None:
    """A rule on a channel that does not exist is refused, and nothing of it is written."""
    with pytest.raises(InvalidRequest, match="channel"):
        rules.create(rule(channel()), STARTED)
    assert rules.summaries() == []
    assert table.versions().writes == 0


def test_create_twice(rules: RuleStore, channels: ChannelStore, table: ConfigTable, kept: Rule) -> None:
    """An id is given once: the second is refused, and its channel does not count it."""
    before = table.versions().writes
    with pytest.raises(RuleConflict):
        rules.create(replace(kept, name="other"), STARTED)
    assert (rules.get(kept.id), table.versions().writes) == (kept, before)
    rules.delete(kept.id)
    channels.delete(kept.channel_id, with_rules=False)
    assert channels.summaries() == []


def test_create_on_a_deleted_type(rules: RuleStore, channels: ChannelStore, on: Channel) -> None:
    """A rule on a custom type that is gone is refused; the channel does not count it."""
    with pytest.raises(EventTypeConflict):
        rules.create(rule(on, rule_type=USED_UP.name), USED_UP)
    assert rules.summaries() == []
    channels.delete(on.id, with_rules=False)
    assert channels.summaries() == []


def test_create_on_a_changed_type(rules: RuleStore, event_types: EventTypeStore, on: Channel) -> None:
    """A rule whose template was checked against an older form of its type is refused."""
    event_types.create(USED_UP)
    changes = {"description": "new", "updated_at": "2026-02-01"}
    changed = event_types.update(USED_UP.name, changes, event_types.rule_writes(USED_UP.name))
    with pytest.raises(EventTypeConflict):
        rules.create(rule(on, rule_type=USED_UP.name), USED_UP)
    assert rules.summaries() == []
    rules.create(rule(on, rule_type=USED_UP.name), changed)
    assert len(rules.summaries()) == 1


def test_of_type(rules: RuleStore, on: Channel) -> None:
    """Of a type, exactly its rules are found, disabled ones too, with all they have, at once."""
    first, second = rule(on, name="1"), rule(on, name="2", enabled=False)
    other = rule(on, rule_type=TERMINATED.name)
    for each, kind in ((first, STARTED), (second, STARTED), (other, TERMINATED)):
        rules.create(each, kind)
    assert {each.id: each for each in rules.of_type(STARTED.name)} == {first.id: first, second.id: second}
    disabled = rules.update(first, {"enabled": False}, STARTED)
    enabled = rules.update(second, {"enabled": True, "name": "3"}, STARTED)
    assert (disabled.enabled, enabled.enabled, enabled.name) == (False, True, "3")
    assert {each.id: each for each in rules.of_type(STARTED.name)} == {first.id: disabled, second.id: enabled}
    rules.delete(second.id)
    assert rules.of_type(STARTED.name) == [disabled]
    assert rules.of_type(TERMINATED.name) == [other]


def test_enabling_twice(rules: RuleStore, kept: Rule) -> None:
    """Enabling what is enabled, and disabling what is disabled, changes nothing."""
    assert rules.update(kept, {"enabled": True}, STARTED) == kept
    assert rules.of_type(STARTED.name) == [kept]
    for _ in range(2):
        disabled = rules.update(kept, {"enabled": False}, STARTED)
        assert rules.of_type(STARTED.name) == [disabled]


def test_summaries_and_names(rules: RuleStore, kept: Rule) -> None:
    """Summaries and a channel's rules have what searching and refusing need, of disabled rules too."""
    rules.update(kept, {"enabled": False}, STARTED)
    (summary,) = rules.summaries()
    assert (summary.id, summary.name, summary.type, summary.enabled) == (
        kept.id,
        kept.name,
        STARTED.name,
        False,
    )
    (name,) = rules.of_channel(kept.channel_id)
    assert (name.id, name.name, name.rule_type) == (kept.id, kept.name, STARTED.name)
    assert rules.of_channel("other") == []


def test_update_unknown(rules: RuleStore, on: Channel, table: ConfigTable) -> None:
    """An update never makes a rule."""
    before = table.versions().writes
    with pytest.raises(EntityNotFound):
        rules.update(rule(on), {"name": "n"}, STARTED)
    assert (rules.summaries(), table.versions().writes) == ([], before)


def test_template_of_a_changed_type(rules: RuleStore, event_types: EventTypeStore, on: Channel) -> None:
    """A template that was checked against an older form of the type is not written; a name is."""
    event_types.create(USED_UP)
    made = rule(on, rule_type=USED_UP.name, message_template="old")
    rules.create(made, USED_UP)
    changes = {"description": "changed", "updated_at": "2026-02-01"}
    event_types.update(USED_UP.name, changes, event_types.rule_writes(USED_UP.name))
    with pytest.raises(EventTypeConflict):
        rules.update(made, {"message_template": "new"}, USED_UP)
    assert rules.get(made.id) == made
    assert rules.update(made, {"name": "n"}, USED_UP).name == "n"


def test_every_write_raises_the_version_by_one(rules: RuleStore, on: Channel, table: ConfigTable) -> None:
    """Creation, change and deletion each raise the version by exactly one; reads do not."""
    start, made, raised = table.versions().writes, rule(on), []
    rules.create(made, STARTED)
    raised.append(table.versions().writes - start)
    rules.update(made, {"message_template": "new", "enabled": False}, STARTED)
    raised.append(table.versions().writes - start)
    rules.of_type(STARTED.name)
    rules.get(made.id)
    rules.delete(made.id)
    raised.append(table.versions().writes - start)
    assert raised == [1, 2, 3]


def test_delete_unknown(rules: RuleStore, table: ConfigTable) -> None:
    """A rule that does not exist is not found when it is deleted."""
    with pytest.raises(EntityNotFound):
        rules.delete("nobody")
    assert table.versions().writes == 0


def test_delete_counts_down(rules: RuleStore, channels: ChannelStore, kept: Rule) -> None:
    """A channel can be deleted when the last of its rules is, and not before."""
    second = replace(kept, id="second")
    rules.create(second, STARTED)
    for rule_id in (kept.id, "second"):
        with pytest.raises(ChannelConflict):
            channels.delete(kept.channel_id, with_rules=False)
        rules.delete(rule_id)
    channels.delete(kept.channel_id, with_rules=False)
    assert channels.summaries() == []


def test_refused_deletion_of_many_deletes_none(
    rules: RuleStore, channels: ChannelStore, table: ConfigTable, kept: Rule
) -> None:
    """When one of several rules is gone already, none of the others is deleted, and all counts stay."""
    second = replace(kept, id="second")
    rules.create(second, STARTED)
    stale = rules.of_channel(kept.channel_id)
    rules.delete("second")
    before = table.versions().writes
    with pytest.raises(Overtaken):
        rules.delete_many(stale)
    assert (rules.get(kept.id), table.versions().writes) == (kept, before)
    rules.delete(kept.id)
    channels.delete(kept.channel_id, with_rules=False)
    assert channels.summaries() == []


def test_many_are_deleted_in_full_transactions(
    rules: RuleStore,
    event_types: EventTypeStore,
    on: Channel,
    channels: ChannelStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of one type 32 rules go at once, of many types and channels fewer: never more items than allowed."""
    sizes: list[int] = []
    write = ConfigTable.write

    def counted(self: ConfigTable, *operations: Operation, concern: Concern) -> None:
        sizes.append(len(operations) + len([*concern.updates()]))
        write(self, *operations, concern=concern)

    for number in range(34):
        rules.create(rule(on, id=f"r{number}"), STARTED)
    kinds = [replace(USED_UP, name=f"custom.{number}") for number in range(20)]
    others = [channel() for _ in kinds]
    for kind, other in zip(kinds, others, strict=True):
        event_types.create(kind)
        channels.create(other)
        rules.create(rule(other, rule_type=kind.name), kind)
    monkeypatch.setattr(ConfigTable, "write", counted)
    rules.delete_many(rules.of_channel(on.id))
    rules.delete_many([name for other in others for name in rules.of_channel(other.id)])
    assert sizes == [99, 9, 97, 25]
    assert rules.summaries() == []
