"""Whether recorded events meet clauses."""

from collections.abc import Callable, Sequence

from notifications.core import events
from notifications.core.errors import MalformedEvent
from notifications.core.event_records import EventRecord
from notifications.core.model import EventType


def meets(where: Sequence[str], event_type: EventType | None = None) -> Callable[[EventRecord], bool]:
    """Return a predicate on records with documents: whether the event's fields meet all clauses.

    An event that cannot be read meets none, and neither does one with lists so long that the match takes too
    many steps: such an event must not keep a search from finding others.

    ``event_type``: the type of all events, if they share one.

    Raises:
        ConditionError: a clause cannot be parsed.
        InvalidRequest: no event of the type can meet one of them.
    """
    from notifications.core import conditions  # noqa: PLC0415 - 13 ms, for searches of fields only

    condition = conditions.from_clauses(where)
    if event_type is not None:
        conditions.require(condition, event_type)
    matcher = conditions.Matcher(condition)

    def is_met(record: EventRecord) -> bool:
        try:
            return matcher.matches(events.read(record.document or "").data)
        except (MalformedEvent, conditions.ConditionTooExpensive):
            return False

    return is_met
