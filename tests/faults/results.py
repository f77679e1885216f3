"""What became of everything: from what the receivers saw and from what is recorded, both."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.faults.fault import DELIVERED, End, Evidence, Fault, NotProvokedError
from tests.stack.records import FINAL_DELIVERY, FINAL_EVENT, Item

SHOWN_PROBLEMS = 5


@dataclass
class Row:
    """A line of the table. ``problems``: what is not as it must be, besides what is lost."""

    name: str
    events: int
    expected: int
    received: int = 0
    duplicates: int = 0
    lost: int = 0
    provoked: str = ""
    problems: list[str] = field(default_factory=list)


def judge(fault: Fault, evidence: Evidence) -> Row:
    """Compare what must have become of a fault's events with what did."""
    row = Row(fault.name, len(fault.events), len(fault.expected))
    for delivery_id, end in fault.expected.items():
        _judge_delivery(row, delivery_id, end, evidence)
    for event_id, end_of_event in fault.events.items():
        _judge_event(row, event_id, end_of_event, evidence)
    try:
        row.provoked = fault.proof(evidence)
    except NotProvokedError as error:
        row.problems.append(f"not as provoked: {error}")
    return row


def _judge_delivery(row: Row, delivery_id: str, end: End, evidence: Evidence) -> None:
    item = evidence.delivery(delivery_id)
    accepted = sum(request.accepted for request in evidence.received.get(delivery_id, ()))
    row.duplicates += max(0, accepted - 1)
    if item is None or _is_lost(item, accepted):
        row.lost += 1
        told = "has no record" if item is None else f"is {item['status']} ({item.get('reason')})"
        row.problems.append(f"{delivery_id} {told}, accepted {accepted} times")
    elif not end.fits(item):
        row.problems.append(f"{delivery_id} is {item['status']} ({item.get('reason')}), expected {end}")
    else:
        row.received += 1
        if end.status != DELIVERED.status and accepted:
            row.problems.append(f"{delivery_id} is {end}, but its receiver accepted it")


def _is_lost(item: Item, accepted: int) -> bool:
    if item["status"] == DELIVERED.status:
        return accepted == 0
    return item["status"] not in FINAL_DELIVERY or not item.get("reason")


def _judge_event(row: Row, event_id: str, end: End | None, evidence: Evidence) -> None:
    item = evidence.records[event_id].event
    if item is None or item["status"] not in FINAL_EVENT:
        row.lost += 1
        row.problems.append(f"event {event_id} is {item['status'] if item else 'not recorded'}")
    elif not (end or End("dispatched")).fits(item):
        row.problems.append(f"event {event_id} is {item['status']} ({item.get('reason')}), expected {end}")


def table(rows: Sequence[Row]) -> str:
    """Write the rows, with their sums."""
    sums = Row("all", *(sum(getattr(row, name) for row in rows) for name in NUMBERS))
    head = ("fault", "events", "expected", "received", "duplicates", "lost", "provoked")
    lines = [head, *map(_cells, rows), _cells(sums)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    laid = ["  ".join(_aligned(line, widths)).rstrip() for line in lines]
    rule = "-" * max(map(len, laid))
    return "\n".join([laid[0], rule, *laid[1:-1], rule, laid[-1]])


NUMBERS = ("events", "expected", "received", "duplicates", "lost")


def _cells(row: Row) -> tuple[str, ...]:
    return (row.name, *(str(getattr(row, name)) for name in NUMBERS), row.provoked)


def _aligned(line: Sequence[str], widths: Sequence[int]) -> list[str]:
    last = len(line) - 1
    return [
        cell.ljust(width) if column in {0, last} else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(line, widths, strict=True))
    ]


def problems(rows: Sequence[Row]) -> list[str]:
    """Tell what is not as it must be, the first few of each fault."""
    told: list[str] = []
    for row in rows:
        told += [f"{row.name}: {problem}" for problem in row.problems[:SHOWN_PROBLEMS]]
        if len(row.problems) > SHOWN_PROBLEMS:
            told.append(f"{row.name}: and {len(row.problems) - SHOWN_PROBLEMS} more")
    return told
