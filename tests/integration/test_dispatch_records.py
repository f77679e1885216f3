"""What became of an event is recorded, whatever became of it."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from unittest.mock import Mock

import pytest

from local.receiver import Received, Receiver, Reply
from notifications.core.events import MAX_FIELDS_BYTES
from notifications.core.model import EventType, WebhookSpec, timestamp
from notifications.core.records import MAX_REASON_CHARS
from notifications.core.templating import compiling
from tests.cloud import pipeline as made
from tests.cloud.pipeline import DATA, Pipeline, add_channel, add_rule, document, dynamodb_calls
from tests.cloud.services import services
from tests.cloud.values import USED_UP
from tests.integration.sockets import unused_url


def test_unmatched(pipeline: Pipeline) -> None:
    """An event of a known type that no rule is for is kept as unmatched, with its own time."""
    pipeline.dispatch(document())
    record = made.event()
    assert (record.status, record.reason, record.rule_type) == ("unmatched", None, "session.started")
    assert record.timestamp == "2026-01-15T10:30:00.000000Z"
    assert json.loads(record.document or "") == document()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"detail-type": "no.such.type"}, "unknown event type"),
        ({"detail": {}}, "session_id: Field required"),
        ({"detail": {"session_id": "\ud800"}}, "session_type: Field required"),
        ({"source": "somebody.else"}, "malformed: source"),
        ({"detail": "text"}, "malformed: detail must be an object"),
        ({"time": "0001-01-01T00:00:00+14:00"}, "malformed: time"),
        ({"time": "9999-12-31T23:59:59-12:00"}, "malformed: time"),
        ({"time": "yesterday"}, "malformed: time"),
        ({"detail": {"x" * 1_100_000: 1}}, f"larger than {MAX_FIELDS_BYTES} bytes"),
    ],
    ids=["type", "schema", "surrogate", "source", "detail", "too-early", "too-late", "time", "large"],
)
def test_refused(pipeline: Pipeline, changes: dict[str, Any], reason: str) -> None:
    """An event that cannot be taken is kept as refused, says why, and does not come again."""
    assert pipeline.dispatch(document(**changes)) == {"batchItemFailures": []}
    record = made.event()
    assert record.status == "refused"
    assert record.reason is not None
    assert reason in record.reason


@pytest.mark.parametrize(
    "body",
    ["not JSON", "", "[1]", "[" * 100_000, '{"n": ' + "1" * 5_000 + "}", json.dumps(document("no good id"))],
    ids=["no-json", "empty", "no-object", "unfinished", "long-number", "id"],
)
def test_without_a_usable_id(pipeline: Pipeline, body: str) -> None:
    """What has no id that can be used is kept under its message's id, as it came."""
    pipeline.dispatch(body)
    record = made.event("m-0")
    assert record.status == "refused"
    assert record.reason is not None
    assert record.reason.startswith("malformed: ")
    assert record.document == body


@pytest.mark.parametrize("number", ["1e400", "NaN", "-Infinity", "9" * 400, "9" * 5_000])
def test_numbers_beyond_a_double(pipeline: Pipeline, number: str) -> None:
    """A number that the API refuses is refused on the bus as well: the event says so under its own id."""
    pipeline.dispatch(json.dumps(document(detail={**DATA, "n": 0})).replace('"n": 0', f'"n": {number}'))
    record = made.event()
    assert (record.status, record.rule_type) == ("refused", "session.started")
    assert (record.reason or "").startswith("malformed: ")
    assert number[:20] in (record.reason or "")


@pytest.mark.parametrize("letter", ["세", "🚀"])
def test_a_document_that_a_bus_spells_out(pipeline: Pipeline, letter: str) -> None:
    """What the API takes is dispatched, though a bus makes of each letter six, and of an emoji twelve."""
    fields = DATA | {"session_name": letter * (258_000 // len(letter.encode()))}
    with Receiver() as receiver:
        rule = add_rule(add_channel(receiver.url))
        pipeline.dispatch(json.dumps(document(detail=fields), ensure_ascii=True, indent=2))
    record = made.event()
    assert (record.status, made.delivery(rule).status) == ("dispatched", "delivered")
    assert json.loads(record.document or "")["detail"] == fields


@pytest.mark.parametrize(
    "poison",
    [
        document("e-2", source="x" * 200_000),
        document("e-2", time="x" * 250_000),
        document("e-2", {"y" * 250_000: 1}),
        document("e-2", {"rule_type": "session.started", "timestamp": "é" * 100_000, "notification_data": {}})
        | {"detail-type": "notification_triggered"},
    ],
    ids=["source", "time", "field", "timestamp"],
)
def test_a_reason_that_quotes_much_is_cut(pipeline: Pipeline, poison: dict[str, Any]) -> None:
    """An event that makes its own refusal as long as itself still fits into the table."""
    with Receiver() as receiver:
        rule = add_rule(add_channel(receiver.url))
        pipeline.dispatch(document(), poison)
    refused = made.event("e-2")
    assert refused.status == "refused"
    assert len(refused.reason or "") in range(1, MAX_REASON_CHARS + 1)
    assert (made.event().status, made.delivery(rule).status) == ("dispatched", "delivered")


def test_what_was_disabled_is_skipped_with_its_reason(pipeline: Pipeline) -> None:
    """A disabled rule and a disabled channel each leave a delivery that says so; nothing is sent."""
    channel = add_channel(unused_url())
    off = add_rule(channel, enabled=False)
    silent = add_rule(add_channel(unused_url(), enabled=False))
    pipeline.dispatch(document())
    assert made.event().status == "dispatched"
    assert (made.delivery(off).status, made.delivery(off).reason) == ("skipped", "rule_disabled")
    assert (made.delivery(silent).status, made.delivery(silent).reason) == ("skipped", "channel_disabled")
    assert made.delivery(silent).attempts == ()


def test_a_template_that_fails_is_recorded(pipeline: Pipeline) -> None:
    """A rule whose template fails on the event has a failed delivery with the reason; others are sent."""
    with Receiver() as receiver:
        channel = add_channel(receiver.url)
        broken = add_rule(channel, message_template="{{ session_id + 1 }}")
        huge = add_rule(channel, message_template="{{ session_id * 100000 }}")
        sound = add_rule(channel)
        pipeline.dispatch(document())
    for rule, reason in ((broken, "no meaning"), (huge, "a text of more than")):
        record = made.delivery(rule)
        assert (record.status, record.error_class, record.attempt_count) == ("failed", "render", 0)
        assert reason in (record.reason or "")
    assert made.delivery(sound).status == "delivered"


@pytest.mark.parametrize("source", ["", " \n", "{% if status == 'TERMINATED' %}{{ status }}{% endif %}"])
@pytest.mark.parametrize("content_type", ["application/json", "text/plain"])
def test_an_empty_message_is_skipped(pipeline: Pipeline, source: str, content_type: str) -> None:
    """A template that makes nothing to read has its delivery skipped, with the reason; nothing is sent."""
    with Receiver() as receiver:
        channel = add_channel(receiver.url, spec=WebhookSpec(receiver.url, content_type=content_type))
        empty, sound = add_rule(channel, message_template=source), add_rule(channel)
        pipeline.dispatch(document())
        assert len(receiver.received) == 1
    record = made.delivery(empty)
    assert (record.status, record.reason, record.error_class) == ("skipped", "empty message", None)
    assert (made.delivery(sound).status, made.event().status) == ("delivered", "dispatched")


def test_an_attempt_shows_no_secret(pipeline: Pipeline) -> None:
    """An attempt has its time, status and response; of the URL the host, of credentials nothing."""
    with Receiver(lambda _: Reply(status=418, body=b"short and stout")) as receiver:
        headers = {"Authorization": "hunter2", "X-Team": "ops", "X-Api-Key": "hunter2"}
        rule = add_rule(add_channel(f"{receiver.url}/hook/hunter2?token=hunter2", headers=headers))
        before = timestamp(datetime.now(UTC))
        pipeline.dispatch(document())
        (request,) = receiver.received
    record = made.delivery(rule)
    (attempt,) = record.attempts
    assert (attempt.status, attempt.error_class, attempt.response) == (418, "status", "short and stout")
    assert (attempt.method, attempt.url) == ("POST", f"{receiver.url}/***")
    assert attempt.headers["Authorization"] == attempt.headers["X-Api-Key"] == "***"
    assert attempt.headers["X-Team"] == "ops"
    assert attempt.headers["webhook-id"] == record.id == request.headers["webhook-id"]
    assert before <= attempt.at <= timestamp(datetime.now(UTC))
    assert record.message == request.text
    assert "hunter2" not in repr(record)


def test_two_calls_when_nothing_matches(pipeline: Pipeline) -> None:
    """An event without rules costs two calls of DynamoDB, a whole batch of them no more."""
    pipeline.dispatch(document())
    with dynamodb_calls() as calls:
        pipeline.dispatch(*(document(f"new-{number}") for number in range(10)))
    assert len(calls) == 2, calls


def test_deliveries_are_written_25_at_a_time(pipeline: Pipeline) -> None:
    """Thirty deliveries are written with two calls, and their event with a third."""
    with Receiver() as receiver:
        channel = add_channel(receiver.url)
        rules = [add_rule(channel) for _ in range(30)]
        with dynamodb_calls() as calls:
            pipeline.dispatch(document())
    assert calls.count("BatchWriteItem") == 3, calls
    assert {made.delivery(rule).status for rule in rules} == {"delivered"}


def test_templates_are_compiled_once(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each template is compiled at its first event; the next event compiles none, even after a change."""
    parse = Mock(wraps=compiling.parse)
    monkeypatch.setattr(compiling, "parse", parse)
    with Receiver() as receiver:
        channel = add_channel(receiver.url)
        for number in range(5):
            add_rule(channel, message_template=f'"{number} {{{{ session_id }}}} is compiled once"')
        misses = []
        for event_id in ("e-1", "e-2"):
            before = parse.call_count
            pipeline.dispatch(document(event_id))
            misses.append(parse.call_count - before)
            services().channels.update(channel.id, {"description": "changed"})
        assert len(receiver.received) == 10
    assert misses == [5, 0]


def test_own_event_types(pipeline: Pipeline) -> None:
    """An event of a type that an operator made is recorded under its name."""
    kind: EventType = replace(USED_UP)
    services().event_types.create(kind)
    pipeline.dispatch(document(detail={"share": 0.9}, **{"detail-type": "QUOTA.exceeded"}))
    assert (made.event().status, made.event().rule_type) == ("unmatched", "quota.exceeded")


def test_an_echo_betrays_nothing(pipeline: Pipeline) -> None:
    """A receiver that answers with the request's own headers and path betrays no secret."""

    def echo(request: Received) -> Reply:
        return Reply(status=500, body=json.dumps([request.path, request.headers]).encode())

    with Receiver(echo) as receiver:
        headers = {"Authorization": "Bearer hunter2hunter2", "X-Team": "ops"}
        channel = add_channel(f"{receiver.url}/hook/hunter2?token=hunter2", headers=headers)
        rule = add_rule(channel)
        pipeline.dispatch(document())
    record = made.delivery(rule)
    assert '"x-team": "ops"' in (record.attempts[0].response or "")
    assert "hunter2" not in repr((record, services().health.get(channel.id)))


def test_masking_changes_no_judgement(pipeline: Pipeline) -> None:
    """A receiver that says "accepted" to a URL that ends so has accepted; its record still masks the URL."""
    with Receiver(lambda _: Reply(body=b"accepted")) as receiver:
        url = f"{receiver.url}/accepted"
        wanted = add_channel(url, spec=WebhookSpec(url, response_match="^accepted$"))
        unwanted = add_channel(url, spec=WebhookSpec(url, response_no_match="accepted"))
        rules = [add_rule(wanted), add_rule(unwanted)]
        pipeline.dispatch(document())
    good, bad = map(made.delivery, rules)
    assert (good.status, bad.error_class) == ("delivered", "response")
    assert good.attempts[0].response == bad.attempts[0].response == "***"
    assert "accepted" not in f"{good.reason} {bad.reason} {bad.attempts[0].error}"
