"""What is not well with the service, in words."""

from typing import Any, get_args

import pytest

from notifications.core.service_status import OVERDUE_SECONDS, ChannelSeen, ProblemKind, problems

DUE = "Something has been due for more than 15 minutes, and nothing looks at it"
WELL: dict[str, Any] = {
    "channels": [ChannelSeen("c", "Ops", "active", None), ChannelSeen("c", "Old", "disabled", None)],
    "deliveries": {"delivered": 5, "skipped": 1, "pending": 1, "held": 0},
    "events": {"dispatched": 4, "unmatched": 2, "dispatching": 1},
    "waiting": {"events": 7, "deliveries": 3, "slow": 1, "dead_events": 0, "dead_hints": 0},
    "overdue": OVERDUE_SECONDS,
}


def test_all_is_well() -> None:
    """Traffic, a channel that somebody disabled and what is due for a while are no problems."""
    assert [*problems(**WELL)] == []


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
        ({"waiting": {"dead_events": 1}}, "1 event is in a dead letter queue"),
        ({"waiting": {"dead_hints": 2}}, "2 hints are in a dead letter queue"),
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
        "waiting": {"dead_events": 5, "dead_hints": 6},
        "overdue": OVERDUE_SECONDS + 1,
    }
    found = [*problems(**{**WELL, **changes})]
    assert [problem.kind for problem in found] == [*get_args(ProblemKind)]
    assert [problem.count for problem in found] == [None, 2, 3, 4, 5, 6, None]
    assert [problem.channel_id for problem in found] == ["c", *[None] * 6]
