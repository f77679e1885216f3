"""What is not well with the service, in words."""

from typing import Any, get_args

import pytest

from notifications.core.service_status import (
    MAX_AGES,
    OVERDUE_SECONDS,
    ChannelSeen,
    ProblemKind,
    QueueSeen,
    problems,
)

DUE = "Something has been due for more than 15 minutes, and nothing looks at it"
QUEUES = {
    **{name: QueueSeen(7, age) for name, age in MAX_AGES.items()},
    "dead_events": QueueSeen(0, 0),
    "dead_hints": QueueSeen(0, None),
}
WELL: dict[str, Any] = {
    "channels": [ChannelSeen("c", "Ops", "active", None), ChannelSeen("c", "Old", "disabled", None)],
    "deliveries": {"delivered": 5, "skipped": 1, "pending": 1, "held": 0},
    "events": {"dispatched": 4, "unmatched": 2, "dispatching": 1},
    "queues": QUEUES,
    "overdue": OVERDUE_SECONDS,
}


def dead(name: str, letters: int) -> dict[str, Any]:
    """Have so many messages in a dead letter queue."""
    return {"queues": {**QUEUES, name: QueueSeen(letters, 60.0)}}


def test_all_is_well() -> None:
    """Traffic, a channel that somebody disabled and what waits or is due for a while are no problems."""
    assert [*problems(**WELL)] == []


def test_what_is_not_known_is_no_problem() -> None:
    """A queue whose age CloudWatch does not tell is not called old."""
    queues = {**QUEUES, **{name: QueueSeen(7, None) for name in MAX_AGES}}
    assert [*problems(**{**WELL, "queues": queues})] == []


@pytest.mark.parametrize(
    ("name", "age", "told"),
    [
        ("events", 301, ("event", "5 minutes", "dispatcher", "DispatcherConcurrency")),
        ("events", 7199, ("event", "119 minutes", "dispatcher", "DispatcherConcurrency")),
        ("deliveries", 1801, ("delivery", "30 minutes", "redeliverer", "RedelivererConcurrency")),
        (
            "slow",
            26.9 * 3600,
            ("delivery to a slow receiver", "26 hours", "redeliverer", "SlowLaneConcurrency"),
        ),
    ],
)
def test_old_messages(name: str, age: float, told: tuple[str, ...]) -> None:
    """A queue whose oldest message is older than its alarm allows is told with what to do about it."""
    (problem,) = problems(**{**WELL, "queues": {**QUEUES, name: QueueSeen(0, age)}})
    what, waited, function, parameter = told
    assert problem.text == (
        f"The oldest {what} has waited in its queue for {waited}: look for errors in the {function}'s log, "
        f"or raise {parameter}"
    )
    assert (problem.kind, problem.count) == (f"old_{name}", None)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"channels": [ChannelSeen("c", "Ops", "suspended", "503")]}, "The channel Ops is suspended: 503"),
        ({"channels": [ChannelSeen("c", "Ops", "failing", "503")]}, "The channel Ops is failing: 503"),
        ({"channels": [ChannelSeen("c", "Ops", "disabled", "410")]}, "The channel Ops is disabled: 410"),
        ({"deliveries": {"failed": 1}}, "1 delivery of the last hour failed for good"),
        ({"deliveries": {"failed": 1200}}, "1,200 deliveries of the last hour failed for good"),
        ({"events": {"refused": 1}}, "1 event of the last hour was refused"),
        ({"events": {"refused": 2}}, "2 events of the last hour were refused"),
        ({"events": {"dead_letter": 1}}, "1 event of the last hour ended as a dead letter"),
        (dead("dead_events", 1), "1 event is in a dead letter queue"),
        (dead("dead_events", 2), "2 events are in a dead letter queue"),
        (dead("dead_hints", 1), "1 message of the delivery queues is in their dead letter queue"),
        (dead("dead_hints", 2), "2 messages of the delivery queues are in their dead letter queue"),
        ({"overdue": OVERDUE_SECONDS + 1}, DUE),
    ],
)
def test_problems(changes: dict[str, Any], told: str) -> None:
    """Each thing that an operator should look at is told, alone if it is alone."""
    assert [problem.text for problem in problems(**{**WELL, **changes})] == [told]


def test_problems_have_what_their_texts_tell() -> None:
    """Who shows problems in other words finds the kind of each, how many it is about, and the channel."""
    changes = {
        "channels": [ChannelSeen("c", "Ops", "failing", "503")],
        "deliveries": {"failed": 2},
        "events": {"refused": 3, "dead_letter": 4},
        "queues": {
            **{name: QueueSeen(9, age + 1) for name, age in MAX_AGES.items()},
            **{name: QueueSeen(count, None) for name, count in (("dead_events", 5), ("dead_hints", 6))},
        },
        "overdue": OVERDUE_SECONDS + 1,
    }
    found = [*problems(**{**WELL, **changes})]
    assert [problem.kind for problem in found] == [*get_args(ProblemKind)]
    assert [problem.count for problem in found] == [None, 2, 3, 4, None, None, None, 5, 6, None]
    assert [problem.channel_id for problem in found] == ["c", *[None] * 9]
