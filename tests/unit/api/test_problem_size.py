"""An error's document has an end, however much there is to tell."""

import json
from typing import Any

import pytest

from notifications.api.problems import MAX_PROBLEM_BYTES, invalid_parameters, problem
from notifications.core.errors import EventTypeConflict, InvalidRequest, NotificationError

LONG = "이름" * 50_000


@pytest.mark.parametrize(
    "error",
    [
        InvalidRequest(LONG),
        EventTypeConflict(
            "too many", {"rules": [{"id": str(number), "msg": "x" * 200} for number in range(5_000)]}
        ),
        EventTypeConflict(LONG, {"rules": [LONG], "more": LONG}),
        InvalidRequest("\ud83d" * 20_000),
    ],
)
def test_size(error: NotificationError) -> None:
    """Whatever is told is a JSON document of at most 16 KB, with its title, its type and a message."""
    body = problem(error)["body"]
    assert len(body.encode()) <= MAX_PROBLEM_BYTES
    document = json.loads(body)
    assert document["title"]
    assert document["type"]
    assert document["msg"]


def test_the_first_of_many_faults_are_told() -> None:
    """Of thousands of faults in a request as many are told as there is room for, from the first on."""
    faults: list[dict[str, Any]] = [
        {"type": "missing", "loc": ("body", f"f{number}"), "msg": "Field required"} for number in range(5_000)
    ]
    document = json.loads(invalid_parameters(faults)["body"])
    told = document["data"]["errors"]
    assert [fault["loc"][1] for fault in told] == [f"f{number}" for number in range(len(told))]
    assert len(told) > 20
    assert document["data"]["shortened"] is True


def test_a_small_one_is_told_whole() -> None:
    """An error that fits is told as it is."""
    document = json.loads(problem(EventTypeConflict("no", {"rules": [{"id": "1"}]}))["body"])
    assert (document["msg"], document["data"]) == ("no", {"rules": [{"id": "1"}]})
