"""Who may dispatch an event: the transitions of its record."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from notifications.core.event_records import (
    MAX_CLAIMS,
    EventRecord,
    claimed,
    ended,
    handed_back,
    is_another,
    reopened,
    standing,
)
from tests.samples.records import event, event_records, times

LEASE = timedelta(seconds=65)
SECOND = timedelta(seconds=1)


@given(event_records, times)
def test_an_event_has_one_standing(record: EventRecord, now: datetime) -> None:
    """Only what has not come to its end can be claimed, by nobody while a lease runs, and not without end."""
    found = standing(record, now)
    assert (found == "ended") == (record.status not in {"dispatching", "dead_letter"})
    if found in {"open", "spent"}:
        assert record.lease is None or record.lease <= now
        assert (found == "spent") == (record.claims >= MAX_CLAIMS)


@given(event_records, times)
def test_a_claim_holds_until_its_lease_is_over(record: EventRecord, now: datetime) -> None:
    """Whoever claims an event has it until the lease ends; the sweeper looks for it then if it is listed."""
    record = replace(record, claims=0)
    taken = claimed(record, now + LEASE, now)
    assert (standing(taken, now), standing(taken, now + LEASE)) == ("taken", "open")
    assert (taken.claims, taken.look_at) == (1, now + LEASE)
    assert (taken.document, taken.created_at) == (record.document, record.created_at)
    assert claimed(replace(record, listed=False), now + LEASE, now).look_at is None


@given(event_records, st.text(min_size=1), times)
def test_what_is_claimed_is_one_document(record: EventRecord, text: str, now: datetime) -> None:
    """Until an event is recorded, another document under its id is told from the one that was claimed."""
    taken = replace(claimed(replace(record, document=text, listed=False), now + LEASE, now), document=None)
    assert not is_another(taken, text)
    assert is_another(taken, text + " ")
    assert not is_another(ended(taken, now), text + " ")


@given(event_records, times)
def test_an_event_is_listed_under_the_time_of_its_first_end(record: EventRecord, now: datetime) -> None:
    """The time under which an event is listed never changes, however often it is dispatched anew."""
    first = ended(replace(record, listed=False), now)
    again = ended(claimed(reopened(first, now, now), now + LEASE, now), now + LEASE)
    assert first.created_at == again.created_at == first.updated_at


@given(st.lists(st.booleans(), max_size=12))
def test_only_deaths_count(deaths: list[bool]) -> None:
    """However often an event is handed back, it is spent when MAX_CLAIMS dispatchers have died over it."""
    now = datetime(2026, 1, 15, tzinfo=UTC)
    record = event(status="dispatching")
    died = 0
    for death in deaths:
        expected = "spent" if died >= MAX_CLAIMS else "open"
        assert standing(record, now) == expected
        if expected == "spent":
            return
        record = claimed(record, now + LEASE, now)
        now += LEASE + SECOND
        if death:
            died += 1
        else:
            record = handed_back(record, now + LEASE, "DynamoDB is away")
            assert standing(record, now) != "taken"


@given(event_records, times)
def test_what_has_ended_is_nobodys(record: EventRecord, now: datetime) -> None:
    """An event that has ended is not looked for, and stays ended."""
    over = ended(record, now, "refused", "why")
    assert (standing(over, now), over.lease, over.look_at) == ("ended", None, None)
    assert over.document == record.document
