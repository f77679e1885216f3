"""The life of custom event types, and events put on the bus, through the real handlers."""

import json
from typing import Any

import pytest

from notifications.core.events import parse
from notifications.core.rule_types import BUILT_IN
from notifications.core.schemas import check_data
from tests.cloud.aws import client
from tests.cloud.gateway import SUPERADMIN_ID, Answer, call
from tests.samples.configuration import STARTED
from tests.template import resources

pytestmark = pytest.mark.usefixtures("cloud")

TYPES = "/notifications/event-types"
INVALID = (400, "generic-bad-request", "api_parsing_invalid-parameters")
UNKNOWN = (404, "entity-not-found", "database_access_not-found")
CONFLICT = (409, "notification-event-type-conflict", "notification_create_conflict")
SCHEMA = {
    "type": "object",
    "properties": {"user": {"type": "string"}, "share": {"type": "number", "minimum": 0.5}},
    "required": ["user"],
    "additionalProperties": False,
}


def create(name: str = "quota.exceeded", schema: Any = SCHEMA, **more: Any) -> Answer:
    """Create an event type."""
    return call("POST", TYPES, {"name": name, "json_schema": schema, **more})


def create_rule(template: str = "{{ user }}") -> dict[str, Any]:
    """Create a channel and a rule on quota.exceeded."""
    channel = {"name": "c", "spec": {"url": "https://example.com"}}
    channel_id = call("POST", "/notifications/channels", channel).json["channel"]["id"]
    rule = {
        "name": "r",
        "rule_type": "quota.exceeded",
        "channel_id": channel_id,
        "message_template": template,
    }
    made: dict[str, Any] = call("POST", "/notifications/rules", rule).json["rule"]
    return made


def names() -> list[str]:
    """List the names of all types."""
    return [kind["name"] for kind in call("GET", TYPES).json["event_types"]]


def test_create() -> None:
    """A custom type keeps its schema exactly, fractions too, and is listed after the built-in ones."""
    answer = create(description="Used up")
    kind = answer.json["event_type"]
    assert answer.status == 201
    assert (kind["json_schema"], kind["description"], kind["built_in"]) == (SCHEMA, "Used up", False)
    assert kind["created_by"] == SUPERADMIN_ID
    assert call("GET", f"{TYPES}/Quota.Exceeded").json == {"event_type": kind}
    create("a.newer.one")
    assert names() == [*BUILT_IN, "quota.exceeded", "a.newer.one"]


def test_sample() -> None:
    """A type's sample is what can be emitted of it, for built-in types and for custom ones."""
    assert create().status == 201
    answer = call("GET", f"{TYPES}/Quota.exceeded/sample")
    assert answer.json == {
        "rule_type": "quota.exceeded",
        "notification_data": {"user": "user", "share": 1.5},
    }
    for name in BUILT_IN:
        sample = call("GET", f"{TYPES}/{name}/sample").json
        assert check_data(BUILT_IN[name], sample["notification_data"]) == sample["notification_data"]
    assert call("GET", f"{TYPES}/no.such/sample").kind == UNKNOWN


def test_built_in_types_are_shown() -> None:
    """A built-in type is shown with its schema, without creation data."""
    kind = call("GET", f"{TYPES}/session.started").json["event_type"]
    assert kind["json_schema"] == BUILT_IN["session.started"].json_schema
    assert (kind["built_in"], kind["created_at"], kind["created_by"]) == (True, None, None)


@pytest.mark.parametrize("name", ["", "UPPER", "two words", ".a", "a.", "a..b", "a/b", "x" * 129, "ü"])
def test_bad_name(name: str) -> None:
    """A name that is not lower-case words is refused."""
    assert create(name).kind == INVALID


@pytest.mark.parametrize(
    "schema", [None, [], {"type": "object"}, {"type": "object", "properties": {"a": {"type": "x"}}}]
)
def test_bad_schema(schema: object) -> None:
    """A schema that cannot serve is refused when it is new and when it is changed."""
    assert create(schema=schema).kind == INVALID
    create()
    if schema is not None:
        assert call("PATCH", f"{TYPES}/quota.exceeded", {"json_schema": schema}).kind == INVALID
    assert call("GET", f"{TYPES}/quota.exceeded").json["event_type"]["json_schema"] == SCHEMA


def test_name_is_taken() -> None:
    """A name, built-in or custom, is given once."""
    assert create("session.started").kind == CONFLICT
    assert create().status == 201
    assert create(schema={"type": "object", "properties": {}}).kind == CONFLICT
    assert call("GET", f"{TYPES}/quota.exceeded").json["event_type"]["json_schema"] == SCHEMA


def test_update() -> None:
    """Description and schema can be changed; what is absent or null stays."""
    before = create(description="d").json["event_type"]
    properties = {**SCHEMA["properties"], "note": {"type": "string", "maxLength": 9}}  # type: ignore[dict-item]
    wider = {**SCHEMA, "properties": properties}
    answer = call("PATCH", f"{TYPES}/quota.exceeded", {"json_schema": wider, "description": None})
    assert answer.status == 200, answer
    after = answer.json["event_type"]
    assert after == {**before, "json_schema": wider, "updated_at": after["updated_at"]}
    assert call("PATCH", f"{TYPES}/quota.exceeded", {"description": "new"}).json["event_type"] == {
        **after,
        "description": "new",
        "updated_at": call("GET", f"{TYPES}/quota.exceeded").json["event_type"]["updated_at"],
    }
    assert names() == [*BUILT_IN, "quota.exceeded"]


def test_update_that_breaks_a_rule() -> None:
    """A schema without a field that a rule names is refused, and the rule is named."""
    create()
    rule = create_rule()
    narrow = {"type": "object", "properties": {"share": {"type": "number"}}}
    answer = call("PATCH", f"{TYPES}/quota.exceeded", {"json_schema": narrow})
    assert answer.kind == CONFLICT
    (broken,) = answer.json["data"]["rules"]
    assert (broken["id"], broken["name"]) == (rule["id"], "r")
    assert "user" in broken["msg"]
    assert call("GET", f"{TYPES}/quota.exceeded").json["event_type"]["json_schema"] == SCHEMA


def test_delete() -> None:
    """A type is deleted only when no rule is on it."""
    create()
    rule = create_rule()
    assert call("DELETE", f"{TYPES}/quota.exceeded").kind == CONFLICT
    assert call("DELETE", f"/notifications/rules/{rule['id']}?custom=true").status == 200
    assert call("DELETE", f"{TYPES}/quota.exceeded").json == {"deleted": True}
    assert call("GET", f"{TYPES}/quota.exceeded").kind == UNKNOWN
    assert call("DELETE", f"{TYPES}/quota.exceeded").kind == UNKNOWN


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_built_in_types_stay(method: str) -> None:
    """A built-in type is neither changed nor deleted."""
    body = {"description": "mine"} if method == "PATCH" else None
    assert call(method, f"{TYPES}/session.started", body).kind == CONFLICT


def test_unknown_type() -> None:
    """A type that does not exist is not found."""
    assert call("GET", f"{TYPES}/quota.exceeded").kind == UNKNOWN
    assert call("PATCH", f"{TYPES}/quota.exceeded", {"description": "d"}).kind == UNKNOWN


@pytest.mark.parametrize("path", ["sesion.started", "sesion.started/sample"])
def test_a_mistyped_type_is_told_with_the_nearest(path: str) -> None:
    """Whoever mistypes a type in a path is told the nearest one."""
    told = call("GET", f"{TYPES}/{path}").json["msg"]
    assert told == "There is no event type 'sesion.started'; the nearest is 'session.started'"


@pytest.fixture
def queue(cloud: None) -> str:  # noqa: ARG001
    """Lead what the template's event pattern takes into a queue."""
    sqs, events = client("sqs"), client("events")
    url: str = sqs.create_queue(QueueName="q")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    pattern = resources()["EventRule"]["Properties"]["EventPattern"]
    events.put_rule(Name="r", EventBusName="events", EventPattern=json.dumps(pattern))
    events.put_targets(Rule="r", EventBusName="events", Targets=[{"Id": "t", "Arn": arn}])
    return url


def taken(queue: str) -> list[dict[str, Any]]:
    """Receive what came."""
    messages = client("sqs").receive_message(QueueUrl=queue).get("Messages", [])
    return [json.loads(message["Body"]) for message in messages]


def test_half_a_character_is_emitted_as_its_replacement(queue: str) -> None:
    """An event is not lost for half a surrogate pair in a key or a value: the bus gets U+FFFD."""
    data = STARTED | {"session_name": "cut \ud83d here"}
    body = {"rule_type": "session.started", "notification_data": data}
    assert call("POST", "/notifications/events", json.dumps(body)).status == 202
    (event,) = taken(queue)
    assert event["detail"] == STARTED | {"session_name": "cut \ufffd here"}


def test_emitted_event(queue: str) -> None:
    """An event that is put on the bus passes the template's pattern and is one that the dispatcher reads."""
    data = {**STARTED, "session_name": "세션 🚀"}
    answer = call(
        "POST", "/notifications/events", {"rule_type": "Session.Started", "notification_data": data}
    )
    assert answer.status == 202
    (document,) = taken(queue)
    event = parse(document)
    assert (event.id, event.rule_type, event.data) == (answer.json["event_id"], "session.started", data)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"rule_type": "session.paused", "notification_data": STARTED}, INVALID),
        ({"notification_data": STARTED}, INVALID),
        (
            {"rule_type": "session.started", "notification_data": {}},
            (400, "schema-validation-failed", "backendai_parsing_invalid-parameters"),
        ),
    ],
    ids=["unknown-type", "no-type", "wrong-data"],
)
def test_event_is_refused(queue: str, body: dict[str, Any], kind: tuple[int, str, str]) -> None:
    """An event of no known type, or that does not fit, is refused, and none is put."""
    assert call("POST", "/notifications/events", body).kind == kind
    assert taken(queue) == []
