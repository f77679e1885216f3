"""Count the verdicts of a rule on recorded events. Verdicts in, sums out."""

from collections import Counter
from dataclasses import field

from notifications.core.event_records import EventRecord
from notifications.core.values import mutable, value
from notifications.core.verdicts import Verdict

MAX_SAMPLES = 3
"""How many of the first hits are kept with their messages."""

MAX_FAILURES = 5
"""How many of the first events whose message cannot be made are kept."""

MAX_DIFFERENT = 5
"""How many of the first events on which only one of two rules fires are kept."""

_HITS = frozenset({"fires", "observes"})
_HOUR_CHARS = len("2026-01-15T10")


@value
class Sample:
    """An event with the message that the rule renders for it, or the reason why there is none."""

    event_id: str
    created_at: str
    text: str


@mutable
class Difference:
    """How many events a draft and the stored rule fire on, and the first on which only one of them does."""

    both: int = 0
    only_draft: int = 0
    only_stored: int = 0
    first_only_draft: list[str] = field(default_factory=list)
    first_only_stored: list[str] = field(default_factory=list)

    def add(self, event_id: str, *, draft: bool, stored: bool) -> None:
        """Count an event by the rules that fire on it."""
        self.both += draft and stored
        self.only_draft += draft and not stored
        self.only_stored += stored and not draft
        if draft != stored:
            first = self.first_only_draft if draft else self.first_only_stored
            if len(first) < MAX_DIFFERENT:
                first.append(event_id)


@mutable
class Tally:
    """The counts of a rule's verdicts.

    A hit is an event that the rule sends, or would send if it did not only observe. ``hours``: the hits by
    the hour in which the events were recorded. ``empty``: events whose message is empty; ``failed``: those
    whose message cannot be made; neither are hits. ``difference``: None if the rule is not compared.
    """

    hits: int = 0
    empty: int = 0
    failed: int = 0
    unreadable: int = 0
    hours: Counter[str] = field(default_factory=Counter)
    samples: list[Sample] = field(default_factory=list)
    failures: list[Sample] = field(default_factory=list)
    difference: Difference | None = None

    def add(self, record: EventRecord, verdict: Verdict, stored: Verdict | None = None) -> None:
        """Count a verdict on an event. ``stored``: that of the rule that the first one is compared with."""
        is_hit = verdict.name in _HITS
        if is_hit:
            self.hits += 1
            self.hours[f"{record.created_at[:_HOUR_CHARS]}:00:00.000000Z"] += 1
            if len(self.samples) < MAX_SAMPLES and verdict.content is not None:
                self.samples.append(Sample(record.id, record.created_at, verdict.content.message))
        elif verdict.name == "empty":
            self.empty += 1
        elif verdict.name == "failed":
            self.failed += 1
            if len(self.failures) < MAX_FAILURES:
                self.failures.append(Sample(record.id, record.created_at, verdict.reason or ""))
        if self.difference is not None:
            other = stored is not None and stored.name in _HITS
            self.difference.add(record.id, draft=is_hit, stored=other)
