"""The routes of events, through the real handler."""

import json
from typing import Any

import pytest

from notifications.core.events import MAX_FIELDS_BYTES
from tests.cloud.gateway import call
from tests.cloud.services import services
from tests.integration.recorded import at_minute, delivery, event
from tests.samples import configuration as samples

pytestmark = pytest.mark.usefixtures("cloud")

EVENTS = "/notifications/events"
INVALID = (400, "generic-bad-request", "api_parsing_invalid-parameters")
UNKNOWN = (404, "entity-not-found", "database_access_not-found")


def info(event_id: str) -> dict[str, Any]:
    """Show an event."""
    answer = call("GET", f"{EVENTS}/{event_id}")
    assert answer.status == 200, answer
    shown: dict[str, Any] = answer.json["event"]
    return shown


def test_info() -> None:
    """An event is shown with its fields and with how many deliveries came to what."""
    statuses = ["delivered", "failed", "delivered"]
    services().records.put_many([event(id="e", document=json.dumps(samples.STARTED_DOCUMENT))])
    services().records.put_many([delivery(event_id="e", status=status) for status in statuses])
    assert info("e") == {
        "id": "e",
        "rule_type": "session.started",
        "status": "dispatched",
        "reason": None,
        "timestamp": samples.TIMESTAMP,
        "created_at": samples.TIMESTAMP,
        "updated_at": samples.TIMESTAMP,
        "data": samples.STARTED,
        "counts": {"delivered": 2, "failed": 1},
    }


def test_info_of_backend_ai_s_own_form() -> None:
    """The fields of an event in Backend.AI's own form are those inside it."""
    detail = {"rule_type": "x", "timestamp": "2026-01-15T10:30:00Z", "notification_data": {"a": 1}}
    document = samples.STARTED_DOCUMENT | {"detail-type": "notification_triggered", "detail": detail}
    services().records.put_many([event(id="e", document=json.dumps(document))])
    assert info("e")["data"] == {"a": 1}


@pytest.mark.parametrize(
    "document",
    [
        "",
        "not json",
        "[]",
        "{}",
        json.dumps(samples.STARTED_DOCUMENT)[:-5],
        json.dumps(samples.STARTED_DOCUMENT | {"detail": 5}),
    ],
)
def test_info_of_a_malformed_event(document: str) -> None:
    """An event that cannot be read, or was cut, has no fields to show."""
    services().records.put_many([event(id="e", status="refused", reason="malformed", document=document)])
    shown = info("e")
    assert (shown["data"], shown["reason"], shown["counts"]) == (None, "malformed", {})


@pytest.mark.parametrize(
    "fields",
    [
        '{"a": NaN}',
        '{"a": "\\ud800"}',
        '{"\\ud800": 1}',
        '{"a": ' * 250 + "1" + "}" * 250,
        '{"a": ' * 900 + "1" + "}" * 900,
        '{"a": ' * 20_000 + "1" + "}" * 20_000,
        '{"a": ' + "9" * 4_000 + "}",
        '{"a": 1e999}',
    ],
    ids=["nan", "surrogate", "key", "nested", "deep", "deeper", "number", "infinite"],
)
def test_info_of_odd_fields(fields: str) -> None:
    """Whatever an event's fields are, the event can be shown, if need be without them."""
    document = json.dumps(samples.STARTED_DOCUMENT | {"detail": 0}).replace(
        '"detail": 0', f'"detail": {fields}'
    )
    services().records.put_many([event(id="e", document=document)])
    assert set(info("e")) >= {"data", "counts"}


@pytest.mark.parametrize("event_id", ["x", "-_-", "~", "x" * 3_000])
def test_unknown(event_id: str) -> None:
    """What no event is named is not found."""
    assert call("GET", f"{EVENTS}/{event_id}").kind == UNKNOWN


def test_list() -> None:
    """Events are listed newest first, a page at a time, by what the query says."""
    services().records.put_many(
        [
            event(
                id=f"e{number}",
                status=("unmatched", "refused", "dispatched")[number % 3],
                rule_type=("session.started", "quota.exceeded")[number % 2],
                created_at=at_minute(number),
            )
            for number in range(6)
        ]
    )

    def ids(query: str) -> str:
        return "".join(found["id"] for found in call("GET", f"{EVENTS}?{query}").json["events"])

    assert ids("limit=6") == "e5e4e3e2e1e0"
    assert ids("status=refused") == "e4e1"
    assert ids("status=dispatched") == "e5e2"
    assert ids("rule_type=Quota.Exceeded") == "e5e3e1"
    assert ids(f"since={at_minute(2)}&until={at_minute(4)}") == "e3e2"
    first = call("GET", f"{EVENTS}?limit=4").json
    assert ids(f"limit=4&cursor={first['next']}") == "e1e0"
    assert set(first["events"][0]) == set(info("e5")) - {"data", "counts"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("limit", "0"),
        ("status", "delivered"),
        ("since", "24h"),
        ("until", "x"),
        ("cursor", "*"),
        ("rule_type", ""),
    ],
)
def test_bad_parameter(name: str, value: str) -> None:
    """A parameter that says nothing usable is refused by its name."""
    answer = call("GET", f"{EVENTS}?{name}={value}")
    assert answer.kind == INVALID
    assert name in answer.json["msg"]


@pytest.mark.parametrize("number", ["1e400", "-1e400", "9" * 400, "NaN", "Infinity"])
def test_a_number_beyond_a_double(number: str) -> None:
    """A number that no double holds is refused like NaN, which is no number at all."""
    fields = f'{{"session_id": "s", "more": [{number}]}}'
    body = f'{{"rule_type": "session.started", "notification_data": {fields}}}'
    answer = call("POST", EVENTS, body)
    assert answer.kind == (400, "generic-bad-request", "api_parsing_bad-request")
    assert number[:20] in answer.json["msg"]


@pytest.mark.parametrize("letter", ["x", "세", "🚀"])
def test_the_largest_event(letter: str) -> None:
    """The size of an event's fields is that of their JSON in UTF-8, however large the request's form is."""
    empty = len(json.dumps(samples.STARTED | {"session_name": ""}, separators=(",", ":")))
    count = (MAX_FIELDS_BYTES - empty) // len(letter.encode())
    for more, status in ((0, 202), (4, 400)):
        data = samples.STARTED | {"session_name": letter * count + "x" * more}
        body = {"rule_type": "session.started", "notification_data": data}
        answer = call("POST", EVENTS, json.dumps(body, ensure_ascii=False, indent=1))
        assert answer.status == status, answer
    assert str(MAX_FIELDS_BYTES) in answer.json["msg"]
    spelled = {
        "rule_type": "session.started",
        "notification_data": samples.STARTED | {"session_name": letter},
    }
    assert call("POST", EVENTS, json.dumps(spelled)).status == 202
