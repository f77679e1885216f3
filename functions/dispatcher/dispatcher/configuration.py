"""The rules in force, kept in memory until any configuration is written.

One strongly consistent read per batch tells whether something changed, so a rule that was just disabled
is not used even once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from notifications.core.errors import EntityNotFound
from notifications.core.model import Channel, EventType, Rule
from notifications.store.channels import ChannelStore
from notifications.store.event_types import EventTypeStore
from notifications.store.rules import RuleStore
from notifications.store.table import ConfigTable

MAX_ROUTINGS = 1_000
"""Of so many event types it is kept in memory what they meet."""


@dataclass(frozen=True, slots=True)
class Routing:
    """What an event of one type meets. ``event_type`` is None when there is no such type."""

    event_type: EventType | None
    rules: Sequence[Rule]
    channels: Mapping[str, Channel]


class Configuration:
    """Read the routing of event types, each at most once per version of the configuration."""

    def __init__(
        self, table: ConfigTable, rules: RuleStore, channels: ChannelStore, event_types: EventTypeStore
    ) -> None:
        self._table = table
        self._rules = rules
        self._channels = channels
        self._event_types = event_types
        self._version: int | None = None
        self._routings: dict[str, Routing] = {}

    def refresh(self) -> None:
        """Forget what was read under an older version.

        Raises:
            Unavailable: the version can not be read.
        """
        version = self._table.version()
        if version != self._version:
            self._routings.clear()
            self._version = version

    def routing(self, rule_type: str) -> Routing:
        """Return what events of this type meet.

        Raises:
            Unavailable: the config table can not be read.
        """
        if rule_type not in self._routings:
            if len(self._routings) >= MAX_ROUTINGS:  # events may name any number of types that there are not
                self._routings.clear()
            self._routings[rule_type] = self._read(rule_type)
        return self._routings[rule_type]

    def _read(self, rule_type: str) -> Routing:
        try:
            event_type = self._event_types.get(rule_type)
        except EntityNotFound:
            return Routing(None, (), {})
        rules = self._rules.of_type(rule_type)
        return Routing(event_type, rules, self._channels.get_many([rule.channel_id for rule in rules]))
