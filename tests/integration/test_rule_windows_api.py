"""Rules are saved with once-per and digests, and what they could never do is refused."""

from typing import Any

import pytest

from tests.cloud.gateway import Answer, call
from tests.cloud.pipeline import add_channel

pytestmark = pytest.mark.usefixtures("cloud")

RULES = "/notifications/rules"


def create(**body: Any) -> Answer:
    """Create a rule."""
    channel = add_channel("https://receiver.example.com/")
    given = {"name": "r", "rule_type": "session.started", "channel_id": channel.id, "message_template": "1"}
    return call("POST", RULES, given | body)


def test_a_rule_has_both_and_loses_them() -> None:
    """They are shown as they are kept, changed in part, removed by an empty object, and kept in revisions."""
    made = create(
        once_per={"period": "600s", "by": ["session_name"]},
        digest={"period": "daily@9:00[Asia/Seoul]", "by": ["context.project"]},
    ).json["rule"]
    assert made["once_per"] == {"period": "10m", "by": ["session_name"]}
    assert made["digest"] == {"period": "daily@09:00[Asia/Seoul]", "by": ["context.project"], "max": 100}
    path = f"{RULES}/{made['id']}"
    changed = call("PATCH", path, {"digest": {"max": 5}, "once_per": {"by": []}}).json["rule"]
    assert (changed["digest"]["max"], changed["digest"]["period"]) == (5, "daily@09:00[Asia/Seoul]")
    assert changed["once_per"] == {"period": "10m", "by": []}
    removed = call("PATCH", path, {"digest": {}, "once_per": {}}).json["rule"]
    assert (removed["digest"], removed["once_per"]) == (None, None)
    reverted = call("POST", f"{path}/revert", {"to": 1}).json["rule"]
    assert (reverted["digest"], reverted["once_per"]) == (made["digest"], made["once_per"])


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"once_per": {"period": "10"}}, "'10' is not a period"),
        ({"once_per": {"by": ["status"]}}, "once_per.period: say for how long"),
        ({"once_per": {"period": "8d"}}, "from 1s to 7d"),
        (
            {"once_per": {"period": "10m", "by": ["session_nmae"]}},
            "once_per.by: 'session_nmae' is not a field of session.started; the nearest is 'session_name'",
        ),
        ({"digest": {"period": "5m", "by": ["status", "status"]}}, "digest.by: 'status' is there twice"),
        ({"digest": {"period": "daily@09:00[Asia/Soul]"}}, "digest.period: "),
        ({"digest": {"period": "daily@09:00[Asia/Soul]"}}, "the nearest is 'Asia/Seoul'"),
        ({"digest": {"period": "1s"}}, "a digest collects for 10s to 7d"),
        ({"digest": {"period": "5m", "max": 0}}, "max"),
        ({"message_template": "{{ repeats }}"}, "'repeats' is not a field of session.started"),
        ({"message_template": "{{ count }}", "once_per": {"period": "10m"}}, "'count' is not a field"),
        ({"message_template": "{{ cuont }}", "digest": {"period": "5m"}}, "the nearest is 'count'"),
        ({"message_template": '"{{ count }}', "digest": {"period": "5m"}}, "JSON"),
    ],
)
def test_what_can_never_be_is_refused(body: dict[str, Any], told: str) -> None:
    """What was mistyped is told when the rule is saved, with what would be right."""
    answer = create(**body)
    assert answer.status == 400, answer
    assert told in answer.json["msg"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"digest": {}}, "'count' is not a field"),
        ({"digest": {"by": ["nothing"]}}, "digest.by: 'nothing' is not a field"),
    ],
)
def test_a_change_that_breaks_the_template_is_refused(change: dict[str, Any], told: str) -> None:
    """Without the digest its template would fail on every event."""
    made = create(digest={"period": "5m"}, message_template="{{ count }}").json["rule"]
    answer = call("PATCH", f"{RULES}/{made['id']}", change)
    assert (answer.status, told in answer.json["msg"]) == (400, True)


def test_a_field_that_a_rule_groups_by_cannot_leave_its_type() -> None:
    """A schema without the field is refused, with the rule."""
    schema = {"type": "object", "properties": {"f": {"type": "string"}}, "additionalProperties": False}
    call("POST", "/notifications/event-types", {"name": "quota.exceeded", "json_schema": schema})
    create(rule_type="quota.exceeded", once_per={"period": "10m", "by": ["f"]})
    without = {"json_schema": schema | {"properties": {"g": {"type": "string"}}}}
    answer = call("PATCH", "/notifications/event-types/quota.exceeded", without)
    assert answer.status == 409, answer
    (broken,) = answer.json["data"]["rules"]
    assert "once_per.by: 'f' is not a field of quota.exceeded" in broken["msg"]


def test_a_draft_has_both() -> None:
    """What is not stored yet is simulated with them, and refused alike."""
    channel = add_channel("https://receiver.example.com/")
    draft = {
        "name": "d",
        "channel": channel.name,
        "message_template": "{{ count }}",
        "digest": {"period": "5m"},
    }
    body = {"rule_type": "session.started", "sample": True, "rules": [draft]}
    (told,) = call("POST", "/notifications/simulations", body).json["rules"]
    assert (told["verdict"], told["message"]) == ("collected", "1")
    wrong = body | {"rules": [draft | {"digest": {"period": "5m", "by": ["statsu"]}}]}
    refused = call("POST", "/notifications/simulations", wrong)
    assert (refused.status, "the nearest is 'status'" in refused.json["msg"]) == (400, True)
