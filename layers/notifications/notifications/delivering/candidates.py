"""Events on their way to rules with once-per or a digest, and what becomes of them."""

from collections.abc import Mapping
from typing import Any

from notifications.core.errors import Unavailable
from notifications.core.event_records import EventRecord
from notifications.core.model import Rule
from notifications.core.records import DeliveryRecord
from notifications.core.values import value

TRIES = 20
"""How often a window or a digest is read again because others changed it meanwhile."""

LONGEST_PAUSE = 2
"""After how many tries the pauses stop growing. All of them together take some 4 s."""


@value
class Candidate:
    """An event that a rule is to send. ``data``: its fields. ``repeats``: see ``Pass``."""

    event: EventRecord
    rule: Rule
    data: Mapping[str, Any]
    repeats: int = 0


@value
class Pass:
    """It is sent. ``repeats``: how many events of its group were suppressed since the last one that was."""

    repeats: int = 0


@value
class Told:
    """It is not sent, for the reason in this record. ``only_told``: the record is not to be written.

    Either it has been written already, or there are so many that they are only counted.
    """

    record: DeliveryRecord
    only_told: bool = False


@value
class Again:
    """It depends on another event of this batch, or there is no time: ask again later."""


Fate = Pass | Told | Again | Unavailable
"""``Unavailable``: it is not known, because DynamoDB failed."""
