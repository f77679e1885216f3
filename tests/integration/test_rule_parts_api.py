"""What a rule has besides its template: parts of a message, once-per, digest; through the real handler."""

from typing import Any

import pytest

from notifications.core.periods import parse, written
from tests.cloud.gateway import call
from tests.integration.rules import INVALID, RULES, create, create_channel, request

pytestmark = pytest.mark.usefixtures("cloud")

NO_PART = {"link": None, "level": None, "dedup": None, "action": None, "text": None, "fields": None}
ALL: dict[str, Any] = {
    "message": {"title": "{{ session_id }}", "fields": {"Project": "session_type | upper"}},
    "once_per": {"period": "600s", "by": ["session_id"]},
    "digest": {"period": "daily@09:00[Asia/Seoul]", "by": ["session_type"], "max": 7},
}


def change(rule_id: str, **changes: Any) -> Any:
    """Change a rule."""
    return call("PATCH", f"{RULES}/{rule_id}", changes)


def test_they_are_off_unless_asked_for() -> None:
    """A rule without any has none."""
    rule = create()
    assert (rule["message"], rule["once_per"], rule["digest"]) == (None, None, None)


def test_they_are_kept() -> None:
    """What is asked for is kept, and a period is shown in its largest unit."""
    rule = create(**ALL)
    shown = call("GET", f"{RULES}/{rule['id']}").json["rule"]
    assert shown["message"] == NO_PART | ALL["message"]
    assert shown["once_per"] == {"period": "10m", "by": ["session_id"]}
    assert shown["digest"] == ALL["digest"]


@pytest.mark.parametrize("expression", ["session_id +", "session_id }} x {{ status", "(session_id"])
def test_a_field_that_is_no_expression(expression: str) -> None:
    """A field is refused by its own text, not by a place in a template that its author never wrote."""
    refused = call(
        "POST", RULES, request(channel_id=create_channel(), message={"fields": {"Who is": expression}})
    )
    assert refused.status == 400
    assert f"message.fields.Who is: '{expression}' is no expression" in refused.text


@pytest.mark.parametrize(
    ("part", "source", "told"),
    [
        ("title", "{{ 1 / 0 }}", "message.title: The template fails on this data: line 1: ZeroDivisionError"),
        ("level", "{{ 'eror' }}", "message.level: 'eror' is not a level; the nearest is 'error'"),
    ],
)
def test_a_part_that_fails_on_a_sample_is_warned_of(part: str, source: str, told: str) -> None:
    """A rule is kept whose part fails on a sample, since other events may suit it, and its author is told."""
    spec = {"url": "https://hooks.slack.com/services/T/B/x", "preset": "slack"}
    channel = call("POST", "/notifications/channels", {"name": "c", "spec": spec}).json["channel"]
    given = {"channel_id": channel["id"], "message_template": "", "message": {part: source}}
    answer = call("POST", RULES, request(**given))
    assert answer.status == 201, answer
    (warning,) = answer.json["warnings"]
    assert warning.startswith(told)


def test_a_change_of_one_part_leaves_the_others() -> None:
    """A part that a change does not name stays; null removes it."""
    rule = create(**ALL)
    changed = change(
        rule["id"],
        message={"level": "error", "title": None},
        once_per={"period": "1h"},
        digest={"max": None, "by": []},
    ).json["rule"]
    assert changed["message"] == NO_PART | {
        "title": None,
        "fields": ALL["message"]["fields"],
        "level": "error",
    }
    assert changed["once_per"] == {"period": "1h", "by": ["session_id"]}
    assert changed["digest"] == {"period": ALL["digest"]["period"], "by": [], "max": 100}


def test_an_empty_object_removes_all() -> None:
    """``{}`` brings back what a rule is without it."""
    rule = create(**ALL)
    changed = change(rule["id"], message={}, once_per={}, digest={}).json["rule"]
    assert (changed["message"], changed["once_per"], changed["digest"]) == (None, None, None)


def test_they_are_in_the_history() -> None:
    """A revision tells what was changed of them, as documents."""
    rule = create(once_per={"period": "10m"})
    change(rule["id"], once_per={"period": "1h"})
    revision = call("GET", f"{RULES}/{rule['id']}/revisions/2").json["revision"]
    (difference,) = revision["differences"]
    assert (difference["field"], difference["old"]["period"], difference["new"]["period"]) == (
        "once_per", "10m", "1h",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({"once_per": {"period": "soon"}}, "'soon' is not a period"),
        ({"once_per": {"period": "8d"}}, "from 1s to 7d"),
        ({"once_per": {"by": ["a"]}}, "once_per.period: say for how long"),
        ({"digest": {"by": ["a"]}}, "digest.period: say for how long"),
        ({"digest": {"period": "5m", "max": 0}}, "digest.max"),
        ({"message": {"action": "explode"}}, "message.action"),
    ],
)
def test_what_makes_no_sense_is_refused(parts: dict[str, Any], told: str) -> None:
    """A part that cannot be meant is refused by its name."""
    answer = call("POST", RULES, request(channel_id=create_channel(), **parts))
    assert answer.kind == INVALID
    assert told in answer.json["msg"]


@pytest.mark.parametrize("seconds", [1, 59, 60, 3_600, 5_400, 86_400, 604_800])
def test_a_written_period_reads_as_it_was(seconds: int) -> None:
    """What is written of a period means the same number of seconds."""
    assert parse(written(seconds)) == seconds
