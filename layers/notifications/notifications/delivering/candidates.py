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
    """The event is sent. ``repeats``: how many of its group were suppressed since the last one was sent."""

    repeats: int = 0


@value
class NotSent:
    """The event is not sent, for the reason in this record. ``write``: the record is still to be written.

    It is not if the transaction that decided has written it, or if there are so many repeats that they are
    only counted.
    """

    record: DeliveryRecord
    write: bool = True


@value
class Again:
    """It depends on the result of another event of this batch, or there is no time: ask again later."""


Fate = Pass | NotSent | Again | Unavailable
"""What becomes of an event. ``Unavailable``: nobody knows, because DynamoDB failed."""
