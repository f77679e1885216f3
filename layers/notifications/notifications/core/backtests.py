"""Count what a rule makes of recorded events. Verdicts in, sums out."""

from collections import Counter
from dataclasses import field

from notifications.core.event_records import EventRecord
from notifications.core.values import mutable, value
from notifications.core.verdicts import Verdict

MAX_SAMPLES = 3
"""How many of the first hits are kept with their messages."""

MAX_FAILURES = 5
"""How many of the first events are kept whose message cannot be made."""

MAX_DIFFERENT = 5
"""How many of the first events are kept on which only one of two rules fires."""

_HITS = frozenset({"fires", "observes"})
_HOUR_CHARS = len("2026-01-15T10")


@value
class Sample:
    """An event, and what the rule makes of it: its message, or why there is none."""

    event_id: str
    created_at: str
    text: str


@mutable
class Difference:
    """On how many events two rules fire, and on which first ones only the draft, or only the stored one."""

    both: int = 0
    only_draft: int = 0
    only_stored: int = 0
    first_only_draft: list[str] = field(default_factory=list)
    first_only_stored: list[str] = field(default_factory=list)

    def add(self, event_id: str, *, draft: bool, stored: bool) -> None:
        """Count an event by which of the two fire on it."""
        self.both += draft and stored
        self.only_draft += draft and not stored
        self.only_stored += stored and not draft
        if draft != stored:
            first = self.first_only_draft if draft else self.first_only_stored
            if len(first) < MAX_DIFFERENT:
                first.append(event_id)


@mutable
class Tally:
    """What a rule made of events. ``hours``: its hits by the hour in which the events were recorded.

    A hit is an event that it sends, or would if it did more than observe. ``empty``: events whose message is
    empty, ``failed``: those whose message cannot be made; neither is a hit. ``difference``: None if there is
    nothing to compare with.
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
        """Count an event. ``stored``: what the rule makes of it that the first one is compared with."""
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
