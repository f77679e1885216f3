"""Write the metrics of a batch: the results of its events, and their time until the first attempt."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from dispatcher.sending import Report
from notifications import metrics
from notifications.core.event_records import EventRecord
from notifications.core.rule_types import HEARTBEAT
from notifications.metrics import Metric

_OUTCOMES: dict[str, Metric] = {
    "dispatched": "EventsDispatched",
    "unmatched": "EventsUnmatched",
    "refused": "EventsRefused",
}


def count(reports: Iterable[Report]) -> None:
    """Write the metrics of the events that this batch ended, in one line; copies do not count."""
    ended = [report.event for report in reports if not report.copy]
    if not ended:
        return
    outcomes = Counter(_OUTCOMES[event.status] for event in ended if event.status in _OUTCOMES)
    values: dict[Metric, metrics.Value] = {**outcomes}
    heartbeats = sum(event.rule_type == HEARTBEAT for event in ended)
    if heartbeats:
        values["Heartbeats"] = heartbeats
    waits = [_milliseconds(event) for event in ended if event.status == "dispatched" and event.timestamp]
    if waits:
        values["FirstAttemptMilliseconds"] = waits
    metrics.write(values)


def _milliseconds(event: EventRecord) -> float:
    """Return how many milliseconds after its own time an event was sent; at least 0, as clocks may differ."""
    own = datetime.fromisoformat(event.timestamp or event.updated_at)
    return max(0.0, (datetime.fromisoformat(event.updated_at) - own).total_seconds() * 1000)
