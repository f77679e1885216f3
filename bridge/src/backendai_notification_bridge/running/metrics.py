"""Prometheus metrics, read from the spool at each request."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector

from backendai_notification_bridge.spool.spool import Spool

PREFIX = "backendai_notification_bridge"

LABELLED = {
    "read": ("via", "Entries read, by the way they came"),
    "dropped": ("reason", "Entries and events dropped, by reason"),
    "made": ("event_type", "Events made, by type"),
    "quarantined": ("what", "Entries and events put into the quarantine"),
}
PLAIN = {
    "put": ("put", "Events that EventBridge took"),
    "put_again": ("put again", "Pauses because EventBridge did not take events"),
    "gaps": ("gaps", "Times that entries were gone before they were read"),
    "lost_in_gaps": ("lost in gaps", "Entries that were gone before they were read, as far as known"),
}


def families(counters: Mapping[str, int]) -> Iterable[Metric]:
    """Convert the spool's counters to Prometheus's metrics."""
    for name, (label, told) in LABELLED.items():
        family = CounterMetricFamily(f"{PREFIX}_{name}", told, labels=[label])
        for counter, value in counters.items():
            kind, _, which = counter.partition(": ")
            if kind == name and which:
                family.add_metric([which], value)
        yield family
    for name, (counter, told) in PLAIN.items():
        yield CounterMetricFamily(f"{PREFIX}_{name}", told, value=counters.get(counter, 0))


class SpoolCollector(Collector):
    """Collect the metrics of a spool, and whether this bridge leads."""

    def __init__(self, spool: Spool, leads: Callable[[], bool]) -> None:
        self._spool = spool
        self._leads = leads

    def collect(self) -> Iterable[Metric]:
        """Read all metrics."""
        yield from families(self._spool.counters())
        entries = GaugeMetricFamily(f"{PREFIX}_spooled", "Entries, events, quarantine", labels=["what"])
        size = GaugeMetricFamily(f"{PREFIX}_spooled_bytes", "What they take in the spool", labels=["what"])
        for name, total in self._spool.totals().items():
            entries.add_metric([name], total.count)
            size.add_metric([name], total.bytes)
        yield from (entries, size)
        told = "Age of the oldest of what is not put yet"
        yield GaugeMetricFamily(f"{PREFIX}_lag_seconds", told, value=lag(self._spool.oldest()))
        told = "1 if this bridge puts, 0 if it stands by"
        yield GaugeMetricFamily(f"{PREFIX}_leads", told, value=float(self._leads()))


def lag(oldest: datetime | None) -> float:
    """Return the age in seconds; 0 if there is none, or the clock went back."""
    return 0.0 if oldest is None else max(0.0, (datetime.now(UTC) - oldest).total_seconds())


def exposition(collector: Collector) -> bytes:
    """Write a collector's metrics as text."""
    registry = CollectorRegistry()
    registry.register(collector)
    return generate_latest(registry)
