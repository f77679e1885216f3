"""Deliveries that an operator has sent again, through the real handler."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest import mock

import pytest

from notifications.core.model import Channel, EmailSpec, Rule
from notifications.core.records import DeliveryRecord
from notifications.core.rule_types import BUILT_IN
from tests.cloud import values
from tests.cloud.aws import ENVIRONMENT, client
from tests.cloud.gateway import Answer, call
from tests.cloud.permissions import aside
from tests.cloud.services import services
from tests.integration import recorded
from tests.integration.recorded import delivery, pending
from tests.samples import configuration as samples

pytestmark = pytest.mark.usefixtures("cloud")

DELIVERIES = "/notifications/deliveries"
CONFLICT = (409, "notification-delivery-conflict", "notification_create_conflict")


def keep(record: DeliveryRecord) -> DeliveryRecord:
    """Keep a delivery."""
    with aside():
        services().records.put_many([record])
    return record


def configured(record: DeliveryRecord, **of_rule: Any) -> tuple[Channel, Rule]:
    """Make the channel and the rule of a delivery, and keep its event."""
    channel = values.channel(id=record.channel_id)
    services().channels.create(channel)
    rule = values.rule(channel, id=record.rule_id, **of_rule)
    services().rules.create(rule, BUILT_IN["session.started"])
    services().records.put_many(
        [recorded.event(id=record.event_id, document=json.dumps(samples.STARTED_DOCUMENT))]
    )
    return channel, rule


def retry(record: DeliveryRecord, body: object = None) -> Answer:
    """Ask for a delivery once more."""
    return call("POST", f"{DELIVERIES}/{record.id}/retry", body)


def hints() -> list[Any]:
    """Take what is on the delivery queue."""
    found = client("sqs").receive_message(
        QueueUrl=ENVIRONMENT["DELIVERY_QUEUE_URL"], MaxNumberOfMessages=10, WaitTimeSeconds=0
    )
    return [json.loads(message["Body"]) for message in found.get("Messages", [])]


@pytest.mark.parametrize("body", [None, {}, {"message": "recorded"}])
@pytest.mark.parametrize("status", ["pending", "delivered", "failed", "held"])
def test_retry_of_what_was_sent(status: str, body: object) -> None:
    """A delivery goes out once more at once, as it was, whatever became of it, with a schedule anew."""
    record = keep(
        pending(
            status=status, message="as it was", subject="s", attempts=(recorded.ATTEMPT,), tries=5, revision=9
        )
    )
    services().channels.create(values.channel(id=record.channel_id))
    before = datetime.now(UTC)
    answer = retry(record, body)
    assert answer.status == 202
    shown = answer.json["delivery"]
    assert (shown["status"], shown["message"], shown["subject"]) == ("pending", "as it was", "s")
    assert (shown["reason"], shown["error_class"], len(shown["attempts"])) == ("replayed", None, 1)
    kept = services().records.delivery(record.id)
    assert (kept.tries, kept.revision, kept.manual, kept.created_at) == (0, 10, True, record.created_at)
    assert kept.next_attempt_at is not None
    assert before <= kept.next_attempt_at <= datetime.now(UTC)
    assert kept.next_attempt_at < (kept.look_at or before)
    assert hints() == [{"delivery": record.id, "revision": 10}]
    assert call("GET", f"{DELIVERIES}/{record.id}").json["delivery"] == shown


def test_retry_with_the_present_template() -> None:
    """A message that is rendered anew is made of the event with the rule's present template."""
    record = keep(pending(message="old"))
    configured(record, message_template='"{{ status }} {{ timestamp.year }}"', enabled=False)
    assert retry(record, {"message": "rendered"}).json["delivery"]["message"] == '"RUNNING 2026"'


def test_retry_that_renders_nothing() -> None:
    """A message that is empty when it is rendered anew is not sent: its delivery is skipped, and says so."""
    record = keep(delivery(status="failed", error_class="render", reason="The template fails", message=None))
    configured(record, message_template=" {% if status == 'TERMINATED' %}x{% endif %}")
    shown = retry(record, {"message": "rendered"}).json["delivery"]
    assert (shown["status"], shown["reason"], shown["error_class"]) == ("skipped", "empty message", None)
    assert call("GET", f"{DELIVERIES}/{record.id}").json["delivery"] == shown
    assert hints() == []


def test_retry_of_what_was_never_rendered() -> None:
    """A delivery that was skipped, or failed to render, has no message: it is rendered now."""
    record = keep(delivery(status="skipped", reason="rule_disabled"))
    configured(record, message_template="{{ session_id }}")
    assert retry(record).json["delivery"]["message"] == f'"{samples.STARTED["session_id"]}"'


def test_retry_of_a_mail() -> None:
    """An email that is rendered anew has the subject that its channel's template makes."""
    record = keep(delivery())
    spec = EmailSpec(
        "mail.example.com", 25, "a@example.com", ("b@example.com",), subject_template="S {{ status }}"
    )
    channel = values.channel(id=record.channel_id, spec=spec)
    services().channels.create(channel)
    services().rules.create(values.rule(channel, id=record.rule_id), BUILT_IN["session.started"])
    services().records.put_many(
        [recorded.event(id=record.event_id, document=json.dumps(samples.STARTED_DOCUMENT))]
    )
    shown = retry(record).json["delivery"]
    assert (shown["subject"], shown["message"]) == ("S RUNNING", samples.STARTED["session_id"])


def test_a_second_retry_takes_the_place_of_the_first() -> None:
    """Asked twice, a delivery waits once: the first hint names a revision that is no more."""
    record = keep(pending())
    services().channels.create(values.channel(id=record.channel_id))
    assert [retry(record).status for _ in range(2)] == [202, 202]
    first, second = sorted(hint["revision"] for hint in hints())
    lease = datetime.now(UTC) + timedelta(minutes=1)
    assert services().records.claim_delivery(record.event_id, record.rule_id, first, lease) is None
    assert services().records.claim_delivery(record.event_id, record.rule_id, second, lease)


@pytest.mark.parametrize("message", ["recorded", "rendered"])
def test_retry_without_its_channel(message: str) -> None:
    """Nothing is sent to a channel that is deleted or disabled."""
    record = keep(pending())
    assert retry(record, {"message": message}).kind == CONFLICT
    configured(record)
    services().channels.update(record.channel_id, {"enabled": False})
    assert retry(record, {"message": message}).kind == CONFLICT
    assert services().records.delivery(record.id) == record
    assert hints() == []


@pytest.mark.parametrize("present", ["enabled", "disabled", "deleted"])
def test_retry_of_what_a_moved_rule_renders(present: str) -> None:
    """What is rendered anew goes to the channel that the rule has now, whatever became of the former one."""
    record = keep(delivery(status="failed", message=None, error_class="render"))
    channel, rule = configured(record, message_template='"for the new one"')
    other = values.channel(name="New")
    services().channels.create(other)
    services().rules.update(rule, {"channel_id": other.id}, BUILT_IN["session.started"])
    if present == "disabled":
        services().channels.update(channel.id, {"enabled": False})
    if present == "deleted":
        services().channels.delete(channel.id, with_rules=False)
    assert retry(record).status == 202
    again = services().records.delivery(record.id)
    assert (again.status, again.channel_id, again.message) == ("pending", other.id, '"for the new one"')


def test_retry_as_it_was_of_a_moved_rule() -> None:
    """What is sent as it was rendered goes to the channel that it was rendered for."""
    record = keep(delivery(status="failed", message="{}"))
    channel, rule = configured(record)
    other = values.channel(name="New")
    services().channels.create(other)
    services().rules.update(rule, {"channel_id": other.id}, BUILT_IN["session.started"])
    assert retry(record).status == 202
    assert services().records.delivery(record.id).channel_id == channel.id


def test_retry_without_its_rule() -> None:
    """Without its rule nothing can be rendered; the message that was recorded still goes out."""
    record = keep(pending())
    services().channels.create(values.channel(id=record.channel_id))
    assert retry(record, {"message": "rendered"}).kind == CONFLICT
    assert retry(record, {"message": "recorded"}).status == 202


@pytest.mark.parametrize("document", [None, "{}", "not json", "[" * 5_000, '{"id": NaN}'])
def test_retry_without_its_event(document: str | None) -> None:
    """Nothing can be rendered of an event that is not kept any more, or not readable."""
    record = keep(delivery())
    configured(replace(record, event_id="other"))
    if document is not None:
        services().records.put_many([recorded.event(id=record.event_id, document=document)])
    assert retry(record).kind == CONFLICT


def test_retry_that_fails_to_render() -> None:
    """What cannot be rendered is told, and the delivery stays as it was."""
    record = keep(delivery(status="failed", error_class="render"))
    configured(record, message_template="{{ status + 1 }}")
    assert retry(record).slug == "notification-template-rendering-failure"
    services().records.put_many(
        [recorded.event(id=record.event_id, document=json.dumps(samples.STARTED_DOCUMENT | {"detail": {}}))]
    )
    assert retry(record).slug == "schema-validation-failed"
    assert services().records.delivery(record.id) == record


@pytest.mark.parametrize("status", ["pending", "held"])
def test_retry_during_an_attempt(status: str) -> None:
    """While somebody sends a delivery it cannot be retried; when that one's time is over it can."""
    record = keep(pending(status=status))
    services().channels.create(values.channel(id=record.channel_id))
    lease = datetime.now(UTC) + timedelta(minutes=1)
    assert services().records.claim_delivery(record.event_id, record.rule_id, record.revision, lease)
    assert retry(record).kind == CONFLICT
    over = datetime.now(UTC)
    assert services().records.claim_delivery(record.event_id, record.rule_id, record.revision + 1, over)
    assert retry(record).status == 202


@pytest.fixture
def _never_as_seen(cloud: None) -> Iterator[None]:  # noqa: ARG001
    with mock.patch.object(services().records, "put_if", return_value=False):
        yield


@pytest.mark.usefixtures("_never_as_seen")
def test_retry_that_always_meets_another_change() -> None:
    """A replay that others outrun again and again gives up."""
    record = keep(pending())
    services().channels.create(values.channel(id=record.channel_id))
    assert retry(record).kind == CONFLICT
    assert hints() == []


def test_retry_that_meets_another_change() -> None:
    """A replay that was outrun once looks again, and replaces what it finds then."""
    record = keep(pending())
    services().channels.create(values.channel(id=record.channel_id))
    real = services().records.put_if

    def outrun(again: DeliveryRecord, seen: int) -> bool:
        with mock.patch.object(services().records, "put_if", real):
            keep(replace(record, revision=record.revision + 1, attempt_count=1))
        services().records.put_if = real  # type: ignore[method-assign]
        return real(again, seen)

    with mock.patch.object(services().records, "put_if", outrun):
        assert retry(record).json["delivery"]["attempt_count"] == 1
    assert services().records.delivery(record.id).revision == record.revision + 2


@pytest.mark.parametrize("body", [{"message": "other"}, {"message": None}, [], "{"])
def test_bad_retry(body: object) -> None:
    """A replay is of the recorded message or of a rendered one, and of nothing else."""
    answer = retry(keep(pending()), body)
    assert answer.status == 400
