"""The keys of both tables and of their indexes. No other module builds one.

The config table:

| partition  | sort key   | what                                                  |
|------------|------------|-------------------------------------------------------|
| CHANNEL    | channel id | a channel, with the number of rules that use it       |
| RULE       | rule id    | a rule                                                |
| EVENT_TYPE | name       | a custom event type, with the number of rules on it   |
| MUTE       | mute id    | a mute, also for some time after it has ended          |
| SET#set    | LEASE      | who applies a set of configuration now                |
| VERSION    | CONFIG     | counters of the writes of configuration               |
| VERSION    | TYPE#name  | the counter of those that concern an event type       |
| REV        | RULE#id#n  | what a rule was after its n-th change, and who made it |
| REV        | CHANNEL#id#n, EVENT_TYPE#name#n, MUTE#id#n | the same of channels, event types and mutes |

The deliveries table:

| partition      | sort key          | what                                                |
|----------------|-------------------|-----------------------------------------------------|
| EVENT#event id | EVENT             | who dispatches an event, and what became of it      |
| EVENT#event id | DELIVERY#rule id  | what became of it for a rule                        |
| EVENT#event id | DOCUMENT#digest#n | a part of its document, if that is large            |
| HEALTH         | channel id        | a channel whose receiver is not well                |
| KEY#event id   | KEY               | what an idempotency key was used for                |
| PACE#channel id | PACE             | the clock of a channel whose messages are paced     |
| REPEAT#rule#group | REPEAT         | which event of a group went, and until when others are its repeats |
| REPEAT#rule id | HOUR#hour         | how many repeats of a rule there were in that hour  |
| DIGEST#rule#group | OPEN           | the digest that takes a group's events              |
| DIGEST#digest id | MEMBER#event id | an event that is in a digest                        |

Each index is spread over as many partitions as the stack's RecordShards says, by the event's id, because one
partition takes only a thousand writes a second. The indexes are sorted by ``moment``, which is the time of
creation and the id. A rule's deliveries have no index: they are among those of its channel.
"""

import zlib
from collections.abc import Mapping
from typing import Any

CHANNEL = "CHANNEL"
RULE = "RULE"
EVENT_TYPE = "EVENT_TYPE"
MUTE = "MUTE"
VERSION = "VERSION"

PARTITION_KEY = "pk"
SORT_KEY = "sk"

BY_TYPE = "by-type"
"""Index of rules by ``rule_type``."""
BY_CHANNEL = "by-channel"
"""Index of rules by ``channel_id``; of deliveries by ``channel_key``."""
BY_CREATION = "by-creation"
"""Index of everything by ``created_at``, without the large attributes."""


def of_item(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return the key of an item, or of a row of an index."""
    return {PARTITION_KEY: item[PARTITION_KEY], SORT_KEY: item[SORT_KEY]}


def channel(channel_id: str) -> dict[str, Any]:
    """Make the key of a channel."""
    return _key(CHANNEL, channel_id)


def rule(rule_id: str) -> dict[str, Any]:
    """Make the key of a rule."""
    return _key(RULE, rule_id)


def event_type(name: str) -> dict[str, Any]:
    """Make the key of a custom event type."""
    return _key(EVENT_TYPE, name)


def mute(mute_id: str) -> dict[str, Any]:
    """Make the key of a mute."""
    return _key(MUTE, mute_id)


def lease(name: str) -> dict[str, Any]:
    """Make the key of the lease of a set."""
    return _key(f"SET#{name}", "LEASE")


def version() -> dict[str, Any]:
    """Make the key of the counters of configuration writes."""
    return _key(VERSION, "CONFIG")


def type_version(name: str) -> dict[str, Any]:
    """Make the key of the counter of writes that concern an event type, built-in or custom."""
    return _key(VERSION, f"TYPE#{name}")


REVISION = "REV"
_DIGITS = 10
"""Every number is padded to this length, so that revisions sort by number."""


def revision(kind: str, identity: str, number: int) -> dict[str, Any]:
    """Make the key of a revision. ``kind``: as in ``core.revisions``."""
    return _key(REVISION, f"{revision_prefix(kind, identity)}{number:0{_DIGITS}}")


def revision_prefix(kind: str, identity: str) -> str:
    """Return the prefix of the sort keys of one object's revisions."""
    return f"{kind.upper()}#{identity}#"


def revised(sort_key: str) -> tuple[str, str, int]:
    """Read the sort key of a revision: kind, id, number."""
    kind, _, rest = sort_key.partition("#")
    identity, _, number = rest.rpartition("#")
    return kind.lower(), identity, int(number)


def live(kind: str, identity: str) -> dict[str, Any]:
    """Make the key of the object that a revision belongs to."""
    return _key(kind.upper(), identity)


BY_TIME = "by-time"
"""Index of events by ``time_key``."""
BY_STATUS = "by-status"
"""Index by ``status_key``, which only records that need attention have, because most records do not."""
DUE = "due"
"""Index by ``due_key`` and ``due_at`` of records that the sweeper must look at, of held deliveries, and of
those that a mute keeps back."""

HEALTH = "HEALTH"
EVENT = "EVENT"
DELIVERY = "DELIVERY"
EVENT_PREFIX = "EVENT#"
DELIVERY_PREFIX = "DELIVERY#"


def event(event_id: str) -> dict[str, Any]:
    """Make the key of an event's record."""
    return _key(EVENT_PREFIX + event_id, EVENT)


def delivery(event_id: str, rule_id: str) -> dict[str, Any]:
    """Make the key of a delivery's record."""
    return _key(EVENT_PREFIX + event_id, DELIVERY_PREFIX + rule_id)


def document_part(event_id: str, digest: str, number: int) -> dict[str, Any]:
    """Make the key of a part of an event's document."""
    return _key(EVENT_PREFIX + event_id, f"{document_prefix(digest)}{number}")


def document_prefix(digest: str) -> str:
    """Return the prefix of the sort keys of a document's parts."""
    return f"DOCUMENT#{digest}#"


def health(channel_id: str) -> dict[str, Any]:
    """Make the key of a channel's health."""
    return _key(HEALTH, channel_id)


def pace(channel_id: str) -> dict[str, Any]:
    """Make the key of a paced channel's clock: in a partition of its own, because it may be written often."""
    return _key(f"PACE#{channel_id}", "PACE")


def idempotency(key: str) -> dict[str, Any]:
    """Make the key of the use of an idempotency key."""
    return _key(f"KEY#{key}", "KEY")


def repeat_window(rule_id: str, group: str) -> dict[str, Any]:
    """Make the key of the window in which a rule sends once for a group of events."""
    return _key(f"REPEAT#{rule_id}#{group}", "REPEAT")


def repeat_hour(rule_id: str, hour: str) -> dict[str, Any]:
    """Make the key of the count of a rule's repeats in an hour."""
    return _key(f"REPEAT#{rule_id}", f"HOUR#{hour}")


def open_digest(rule_id: str, group: str) -> dict[str, Any]:
    """Make the key of the digest that takes a group's events."""
    return _key(f"DIGEST#{rule_id}#{group}", "OPEN")


MEMBER_PREFIX = "MEMBER#"


def digest_member(digest_id: str, event_id: str) -> dict[str, Any]:
    """Make the key of an event that is in a digest."""
    return _key(f"DIGEST#{digest_id}", MEMBER_PREFIX + event_id)


def shard(event_id: str, shards: int) -> int:
    """Choose an event's partition of the indexes."""
    return zlib.crc32(event_id.encode()) % shards


def index_key(shard: int, *parts: str) -> str:
    """Make the key of an index's partition, such as DELIVERY#failed#2."""
    return "#".join((*parts, str(shard)))


HELD = "HELD"


def held_key(shard: int, holder_id: str) -> str:
    """Name a partition of the due index that has deliveries held for a channel, or kept back by a mute."""
    return index_key(shard, HELD, holder_id)


def held_keys(holder_id: str, shards: int) -> list[str]:
    """Name all these partitions; former releases used only the first."""
    return [f"{HELD}#{holder_id}", *(held_key(shard, holder_id) for shard in range(shards))]


def _key(partition: str, sort: str) -> dict[str, Any]:
    return {PARTITION_KEY: {"S": partition}, SORT_KEY: {"S": sort}}
