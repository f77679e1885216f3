"""The keys of the config table. No other module builds one.

| partition  | sort key   | what                                                  |
|------------|------------|-------------------------------------------------------|
| CHANNEL    | channel id | a channel, with the number of rules that use it       |
| RULE       | rule id    | a rule                                                |
| EVENT_TYPE | name       | a custom event type, with the number of rules on it   |
| VERSION    | CONFIG     | a counter that every write of configuration raises    |
"""

from typing import Any

CHANNEL = "CHANNEL"
RULE = "RULE"
EVENT_TYPE = "EVENT_TYPE"

PARTITION_KEY = "pk"
SORT_KEY = "sk"

ENABLED_BY_TYPE = "enabled-by-type"
"""Index of enabled rules by ``enabled_type``, which only enabled rules have."""
BY_CHANNEL = "by-channel"
"""Index of rules by ``channel_id``."""
BY_CREATION = "by-creation"
"""Index of everything by ``created_at``, without the large attributes."""


def channel(channel_id: str) -> dict[str, Any]:
    """Make the key of a channel."""
    return _key(CHANNEL, channel_id)


def rule(rule_id: str) -> dict[str, Any]:
    """Make the key of a rule."""
    return _key(RULE, rule_id)


def event_type(name: str) -> dict[str, Any]:
    """Make the key of a custom event type."""
    return _key(EVENT_TYPE, name)


def version() -> dict[str, Any]:
    """Make the key of the counter of configuration writes."""
    return _key("VERSION", "CONFIG")


def _key(partition: str, sort: str) -> dict[str, Any]:
    return {PARTITION_KEY: {"S": partition}, SORT_KEY: {"S": sort}}
