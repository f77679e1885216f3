"""Deleting channels while others work on them."""

from collections.abc import Sequence

import pytest

from notifications.core.errors import ChannelConflict, EntityNotFound
from notifications.core.revisions import Author
from notifications.core.rule_types import BUILT_IN
from notifications.store.channels import DELETE_ROUNDS, ChannelStore
from notifications.store.rules import RuleName, RuleStore
from tests.cloud import values
from tests.cloud.services import services

pytestmark = pytest.mark.usefixtures("cloud")


class Busy(RuleStore):
    """A store in which rules keep coming: after each listing, as often as it is told, one more is made."""

    def __init__(self, times: int) -> None:
        super().__init__(services().config_table)
        self._times = times

    def of_channel(self, channel_id: str) -> list[RuleName]:
        """List the rules of a channel, and make one more."""
        found = super().of_channel(channel_id)
        if self._times > 0:
            self._times -= 1
            channel = ChannelStore(services().config_table, self, services().vault).get(channel_id)
            self.create(values.rule(channel), BUILT_IN["session.started"])
        return found


def test_force_takes_the_rules_that_come_meanwhile() -> None:
    """A forced deletion ends with neither the channel nor any rule, though rules come while it is at it."""
    busy = Busy(DELETE_ROUNDS - 1)
    channels = ChannelStore(services().config_table, busy, services().vault)
    channel = values.channel()
    channels.create(channel)
    channels.delete(channel.id, with_rules=True)
    assert services().rules.of_channel(channel.id) == []
    with pytest.raises(EntityNotFound):
        channels.get(channel.id)


def test_force_gives_up_in_the_end() -> None:
    """When rules never stop coming the deletion is refused, and the channel stays with what came last."""
    busy = Busy(10 * DELETE_ROUNDS)
    channels = ChannelStore(services().config_table, busy, services().vault)
    channel = values.channel()
    channels.create(channel)
    with pytest.raises(ChannelConflict):
        channels.delete(channel.id, with_rules=True)
    assert channels.get(channel.id) == channel


def test_a_deleted_rule_is_unknown_to_who_was_slower(rules: RuleStore, channels: ChannelStore) -> None:
    """Whoever deletes what somebody else has just deleted is told that there is none."""
    channel = values.channel()
    channels.create(channel)
    rule = values.rule(channel)
    rules.create(rule, BUILT_IN["session.started"])

    others = rules

    class Slow(RuleStore):
        """Reads a rule, and is overtaken before it deletes it."""

        def delete_many(self, rules: Sequence[RuleName], by: Author | None = None) -> None:
            """Let the other be faster."""
            others.delete_many(rules)
            super().delete_many(rules, by)

    with pytest.raises(EntityNotFound):
        Slow(services().config_table).delete(rule.id)
    assert channels.get(channel.id) == channel
