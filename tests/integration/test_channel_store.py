"""Channels in the config table."""

from dataclasses import replace

import pytest

from notifications.core.errors import ChannelConflict, EntityNotFound
from notifications.core.model import Channel, WebhookSpec
from notifications.core.rule_types import BUILT_IN
from notifications.store.channels import ChannelStore
from notifications.store.event_types import EventTypeStore
from notifications.store.rules import RuleStore
from notifications.store.table import ConfigTable
from tests.cloud.values import USED_UP, channel, rule

STARTED = BUILT_IN["session.started"]


@pytest.fixture
def kept(channels: ChannelStore) -> Channel:
    """Keep a channel."""
    made = channel(description="d")
    channels.create(made)
    return made


def test_create_and_get(channels: ChannelStore) -> None:
    """A channel comes back exactly as it was, fractions of a timeout and any script too."""
    spec = WebhookSpec("https://example.com/ü?a=1", "PUT", "text/plain", {"X-Ü": "🚀"}, 0.1, (200, 302))
    made = channel(spec=spec, description="", enabled=False)
    channels.create(made)
    assert channels.get(made.id) == made


def test_create_twice(channels: ChannelStore, table: ConfigTable, kept: Channel) -> None:
    """An id is given once: the second is refused, and changes neither the channel nor the version."""
    before = table.versions().writes
    with pytest.raises(ChannelConflict):
        channels.create(replace(kept, name="other"))
    assert (channels.get(kept.id), table.versions().writes) == (kept, before)


def test_get_unknown(channels: ChannelStore) -> None:
    """A channel that was never made is not found."""
    with pytest.raises(EntityNotFound):
        channels.get("nobody")


@pytest.mark.parametrize("count", [0, 1, 120])
def test_get_many(channels: ChannelStore, count: int) -> None:
    """Any number of channels is read by id; unknown and doubled ids do no harm."""
    made = {each.id: each for each in (channel(name=str(number)) for number in range(count))}
    for each in made.values():
        channels.create(each)
    assert channels.get_many([*made, "nobody", *made]) == made


def test_summaries(channels: ChannelStore) -> None:
    """Summaries have what searching needs, of all channels, and come in the order of creation."""
    made = [channel(created_at=f"2026-01-0{day}", name=str(day), enabled=day == 2) for day in (3, 1, 2)]
    for each in made:
        channels.create(each)
    shown = [(item.id, item.name, item.type, item.enabled, item.created_at) for item in channels.summaries()]
    assert shown == [
        (each.id, each.name, "webhook", each.enabled, each.created_at)
        for each in sorted(made, key=lambda each: each.created_at)
    ]


def test_update(channels: ChannelStore, kept: Channel) -> None:
    """Given attributes are set, a description of None is removed, all else stays."""
    spec = WebhookSpec("https://example.org", timeout=2.5)
    changed = channels.update(kept.id, {"spec": spec, "description": None, "enabled": False})
    assert changed == replace(kept, spec=spec, description=None, enabled=False)
    assert channels.get(kept.id) == changed


def test_update_unknown(channels: ChannelStore, table: ConfigTable) -> None:
    """An update never makes a channel."""
    with pytest.raises(EntityNotFound):
        channels.update("nobody", {"name": "n"})
    assert channels.summaries() == []
    assert table.versions().writes == 0


def test_every_write_raises_the_version_by_one(channels: ChannelStore, table: ConfigTable) -> None:
    """Creation, change and deletion each raise the version by exactly one; reads do not."""
    made, versions = channel(), [table.versions().writes]
    channels.create(made)
    versions.append(table.versions().writes)
    channels.update(made.id, {"name": "n"})
    versions.append(table.versions().writes)
    channels.get(made.id)
    channels.summaries()
    channels.delete(made.id, with_rules=False)
    versions.append(table.versions().writes)
    assert versions == [0, 1, 2, 3]


def test_delete_unknown(channels: ChannelStore) -> None:
    """A channel that does not exist is not found when it is deleted."""
    for with_rules in (False, True):
        with pytest.raises(EntityNotFound):
            channels.delete("nobody", with_rules=with_rules)


def test_delete_in_use(channels: ChannelStore, rules: RuleStore, table: ConfigTable, kept: Channel) -> None:
    """A channel that rules use stays, disabled rules count too; the refusal names them all."""
    users = [rule(kept, name="one"), rule(kept, name="two", enabled=False)]
    for user in users:
        rules.create(user, STARTED)
    before = table.versions().writes
    with pytest.raises(ChannelConflict, match="2 rule") as caught:
        channels.delete(kept.id, with_rules=False)
    named = caught.value.data["rules"] if caught.value.data else []
    assert {(user["id"], user["name"]) for user in named} == {(user.id, user.name) for user in users}
    assert (channels.get(kept.id), table.versions().writes) == (kept, before)


@pytest.mark.parametrize("count", [1, 30, 70])
def test_delete_with_rules(
    channels: ChannelStore, rules: RuleStore, event_types: EventTypeStore, kept: Channel, count: int
) -> None:
    """A channel goes with all its rules, however many; other channels' rules and all counts stay right."""
    event_types.create(USED_UP)
    other = channel()
    channels.create(other)
    survivor = rule(other, rule_type=USED_UP.name)
    rules.create(survivor, USED_UP)
    for number in range(count):
        kind = USED_UP if number % 2 else STARTED
        rules.create(rule(kept, rule_type=kind.name), kind)
    channels.delete(kept.id, with_rules=True)
    assert [summary.id for summary in rules.summaries()] == [survivor.id]
    assert [summary.id for summary in channels.summaries()] == [other.id]
    rules.delete(survivor.id)
    event_types.delete(USED_UP.name)
    channels.delete(other.id, with_rules=False)
    assert channels.summaries() == []
