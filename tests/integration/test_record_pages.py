"""Lists of records: pages that miss nothing, show nothing twice, and stand still while records come in."""

import base64
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from notifications.core.errors import InvalidRequest
from notifications.core.event_records import EVENT_STATUSES
from notifications.core.records import DELIVERY_STATUSES, DeliveryRecord
from notifications.store import merging
from notifications.store import record_pages as module
from notifications.store.record_pages import RecordPages, Wanted
from tests.cloud.services import services
from tests.integration.recorded import at_minute, delivery, event

pytestmark = pytest.mark.usefixtures("cloud")

CHANNELS, RULES = ("c1", "c2"), ("r1", "r2", "r3")
TYPES = ("session.started", "session.terminated")
CHOICES: list[dict[str, str]] = [
    {},
    {"status": "failed"},
    {"status": "delivered"},
    {"channel_id": "c1"},
    {"channel_id": "c1", "status": "delivered"},
    {"channel_id": "c1", "status": "held"},
    {"rule_id": "r2"},
    {"rule_id": "r2", "status": "failed"},
    {"rule_id": "r2", "channel_id": "c2"},
    {"rule_id": "r2", "channel_id": "c1"},
    {"event_id": "e4"},
    {"event_id": "e4", "status": "failed"},
    {"event_id": "e4", "channel_id": "c2"},
    {"event_id": "e4", "rule_id": "r3"},
    {"event_id": "e4", "rule_id": "r3", "status": "failed"},
    {"event_id": "none"},
    {"rule_type": "session.started"},
    {"rule_type": "session.started", "status": "failed"},
    {"rule_type": "session.started", "channel_id": "c1"},
    {"rule_type": "session.started", "event_id": "e4"},
    {"rule_type": "session.started", "rule_id": "r2"},
]
"""One for each index, and with conditions beyond it."""


@pytest.fixture
def pages() -> RecordPages:
    """Open the lists."""
    return services().record_pages


@pytest.fixture
def kept() -> list[DeliveryRecord]:
    """Keep deliveries of many events, newest first; all those of an event have its time."""
    records = [
        delivery(
            event_id=f"e{number}",
            rule_id=rule,
            channel_id=CHANNELS[RULES.index(rule) % 2],
            rule_type=TYPES[number % 2],
            status=DELIVERY_STATUSES[(number + RULES.index(rule)) % 5],
            created_at=at_minute(number // 2),  # two events each have the same time
        )
        for number, rule in product(range(12), RULES)
    ]
    events = [event(id=f"e{number}", created_at=at_minute(number // 2)) for number in range(12)]
    services().records.put_many([*records, *events])
    return sorted(records, key=lambda record: (record.created_at, record.id), reverse=True)


def all_pages(find: Callable[[Wanted], Any], wanted: Wanted) -> Iterator[Any]:
    """Follow the cursors to the end."""
    for _ in range(500):
        page = find(wanted)
        yield page
        if page.next is None:
            return
        assert page.next != wanted.cursor
        wanted = replace(wanted, cursor=page.next)
    pytest.fail("there is no end of it")


def ids(find: Callable[[Wanted], Any], **wanted: Any) -> list[str]:
    """Name what all pages have."""
    return [record.id for page in all_pages(find, Wanted(**wanted)) for record in page.records]


def fits(record: DeliveryRecord, conditions: dict[str, str]) -> bool:
    """Tell whether a record is wanted."""
    return all(getattr(record, name) == value for name, value in conditions.items())


@pytest.mark.parametrize("conditions", CHOICES, ids=lambda conditions: "-".join(conditions) or "all")
@pytest.mark.parametrize("limit", [1, 2, 5, 36, 1_000])
def test_every_delivery_once(
    pages: RecordPages, kept: list[DeliveryRecord], conditions: dict[str, str], limit: int
) -> None:
    """Whatever is asked for and however large the pages are, each record that fits comes once, in order."""
    expected = [record.id for record in kept if fits(record, conditions)]
    found = ids(pages.deliveries, limit=limit, **conditions)
    assert sorted(found) == sorted(expected)
    times = {record.id: record.created_at for record in kept}
    assert [times[each] for each in found] == sorted((times[each] for each in found), reverse=True)
    assert all(
        len(page.records) <= limit for page in all_pages(pages.deliveries, Wanted(limit, **conditions))
    )


@pytest.mark.parametrize("conditions", CHOICES, ids=lambda conditions: "-".join(conditions) or "all")
def test_pages_that_looked_at_enough(
    pages: RecordPages,
    kept: list[DeliveryRecord],
    conditions: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A page that has looked at enough rows ends, short or empty, with a cursor that goes on."""
    monkeypatch.setattr(merging, "LOOKED_AT", 2)
    monkeypatch.setattr(module, "EVENTS_AT_ONCE", 2)
    monkeypatch.setattr(module, "EVENTS_LOOKED_AT", 2)
    found = ids(pages.deliveries, limit=5, **conditions)
    assert sorted(found) == sorted(record.id for record in kept if fits(record, conditions))
    if conditions == {"status": "delivered"}:
        assert not all(page.records for page in all_pages(pages.deliveries, Wanted(5, **conditions)))


@pytest.mark.parametrize("conditions", CHOICES[:9], ids=lambda conditions: "-".join(conditions) or "all")
def test_pages_stand_still(
    pages: RecordPages, kept: list[DeliveryRecord], conditions: dict[str, str]
) -> None:
    """Records that come in while somebody pages move nothing: what follows is as it was."""
    expected = [record.id for record in kept if fits(record, conditions)]
    found: list[str] = []
    wanted = Wanted(limit=2, **conditions)
    for number, page in enumerate(all_pages(pages.deliveries, wanted)):
        found += [record.id for record in page.records]
        newer = {"channel_id": "c1", "rule_id": "r2", "status": "failed"} | conditions
        new = delivery(created_at=at_minute(100 + number), **newer)
        services().records.put_many([new, event(id=new.event_id, created_at=new.created_at)])
    assert sorted(found) == sorted(expected)


@pytest.mark.parametrize("conditions", [{}, {"status": "failed"}, {"channel_id": "c2"}, {"event_id": "e4"}])
@pytest.mark.parametrize(("since", "until"), [(2, 4), (2, None), (None, 3), (2, 3), (3, 3), (4, 2), (50, 60)])
def test_period(
    pages: RecordPages,
    kept: list[DeliveryRecord],
    conditions: dict[str, str],
    since: int | None,
    until: int | None,
) -> None:
    """A period has its first time and not its last."""
    begin = None if since is None else at_minute(since)
    end = None if until is None else at_minute(until)
    found = ids(pages.deliveries, limit=2, since=begin, until=end, **conditions)
    assert sorted(found) == sorted(
        record.id
        for record in kept
        if (begin is None or record.created_at >= begin)
        and (end is None or record.created_at < end)
        and fits(record, conditions)
    )


@pytest.mark.parametrize("limit", [1, 3, 100])
@pytest.mark.parametrize(
    "conditions", [{}, {"status": "refused"}, {"status": "dispatched"}, {"rule_type": "b"}]
)
def test_every_event_once(pages: RecordPages, limit: int, conditions: dict[str, str]) -> None:
    """Events are listed like deliveries, and without them."""
    records = [
        event(
            id=f"e{number}",
            rule_type="ab"[number % 2],
            status=EVENT_STATUSES[number % 4],
            created_at=at_minute(number),
        )
        for number in range(11)
    ]
    services().records.put_many([*records, delivery()])
    expected = [
        record.id
        for record in reversed(records)
        if all(getattr(record, name) == value for name, value in conditions.items())
    ]
    assert ids(pages.events, limit=limit, **conditions) == expected


def test_what_a_list_shows(pages: RecordPages) -> None:
    """Each list has of a record all that its summary needs, whichever index it comes from."""
    record = delivery(
        event_id="e",
        rule_id="r",
        channel_id="c",
        status="failed",
        error_class="status",
        attempt_count=3,
        updated_at=at_minute(9),
    )
    services().records.put_many([record, event(id="e")])
    for conditions in ({}, {"status": "failed"}, {"channel_id": "c"}, {"rule_id": "r"}, {"event_id": "e"}):
        (found,) = pages.deliveries(Wanted(1, **conditions)).records
        assert replace(found, tries=0, revision=1) == record


def test_counts(pages: RecordPages, kept: list[DeliveryRecord], monkeypatch: pytest.MonkeyPatch) -> None:
    """An event's deliveries are counted by status, up to a limit."""
    statuses = [record.status for record in kept if record.event_id == "e4"]
    assert pages.counts("e4") == {status: statuses.count(status) for status in statuses}
    assert pages.counts("none") == {}
    monkeypatch.setattr(module, "COUNTED", 2)
    assert sum(pages.counts("e4").values()) == 2


def encoded(position: str) -> str:
    """Write a cursor."""
    return base64.urlsafe_b64encode(position.encode()).decode().rstrip("=")


@pytest.mark.parametrize("cursor", ["", "*", "é", "a", "x" * 5_000, encoded("x"), encoded("2" + "0" * 5_000)])
@pytest.mark.parametrize("conditions", [{}, {"event_id": "e4"}])
def test_no_cursor(pages: RecordPages, cursor: str, conditions: dict[str, str]) -> None:
    """What no list has given is no cursor."""
    with pytest.raises(InvalidRequest, match="cursor"):
        pages.deliveries(Wanted(5, cursor=cursor, **conditions))
    with pytest.raises(InvalidRequest, match="cursor"):
        pages.events(Wanted(5, cursor=cursor))


def test_cursor_of_another_list(pages: RecordPages, kept: list[DeliveryRecord]) -> None:
    """A cursor is refused, or harmless, where it does not belong."""
    of_all = pages.deliveries(Wanted(5)).next
    of_event = pages.deliveries(Wanted(1, event_id="e4")).next
    with pytest.raises(InvalidRequest):
        pages.deliveries(Wanted(5, cursor=of_all, event_id="e4"))
    with pytest.raises(InvalidRequest):
        pages.deliveries(Wanted(5, cursor=of_event))
    beyond = encoded("DELIVERY#r3")
    assert pages.deliveries(Wanted(5, cursor=beyond, event_id="e4", rule_id="r1")).records == []
    assert len(kept) == 36
