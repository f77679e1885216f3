"""What is kept of events and deliveries, and how an attempt changes it."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from notifications.core import attempts, records
from notifications.core.delivery import RESPONSE_BYTES, EmailRequest, Failure, Outcome, Response
from notifications.core.model import Retry
from notifications.core.records import (
    CUT_MARK,
    MAX_ATTEMPTS_KEPT,
    MAX_QUEUE_DELAY,
    MAX_REASON_CHARS,
    DeliveryRecord,
    delivery_id,
    ended,
    split_delivery_id,
)
from notifications.core.retries import SCHEDULES
from tests.samples import records as samples
from tests.samples.records import NOW, REQUEST, after, outcomes, schedules

DOWN = Response(503, b"", 0.5)


def shown(body: bytes, *, cut: bool = False) -> tuple[str, bool]:
    """Return what an attempt keeps of a response, and whether it says that there was more."""
    outcome = Response(500, body, 0.1, cut)
    made = attempts.attempt(REQUEST, outcome, samples.judgement_of(outcome), NOW)
    assert made.response is not None
    return made.response, made.response_cut


@given(schedules, st.lists(outcomes, max_size=30), st.floats(-1, 1))
def test_life_of_a_delivery(retry: Retry, came: list[Outcome], jitter: float) -> None:
    """Whatever comes: at most the schedule's attempts and one, and it is due exactly while it is pending."""
    steps = len(SCHEDULES[retry] if isinstance(retry, str) else retry)
    record = samples.delivery()
    for outcome in came:
        if record.status != "pending":
            break
        before, record = record, after(record, outcome, retry, jitter)
        assert record.revision > before.revision
        assert record.attempt_count == before.attempt_count + 1
        assert (record.next_attempt_at is not None) == (record.status == "pending")
        assert (record.look_at is not None) == (record.status == "pending")
        assert record.reason
    assert record.attempt_count <= steps + 1
    if len(came) > steps:
        assert record.status != "pending"


@given(schedules, outcomes, st.floats(-1, 1))
def test_sweeper_looks_in_time(retry: Retry, outcome: Outcome, jitter: float) -> None:
    """A message can carry what waits up to 15 minutes; what waits longer is looked for before its time."""
    record = after(samples.delivery(), outcome, retry, jitter)
    if record.next_attempt_at is None or record.look_at is None:
        return
    wait = record.next_attempt_at - datetime.fromisoformat(record.updated_at)
    if wait > MAX_QUEUE_DELAY:
        assert record.next_attempt_at - MAX_QUEUE_DELAY <= record.look_at < record.next_attempt_at
    else:
        assert record.look_at > record.next_attempt_at


def test_delivered_forgets_the_failure() -> None:
    """A delivery that succeeds at last has the success as its reason, no class of error and no next time."""
    record = after(after(samples.delivery(manual=True), DOWN, "fast"), Response(200, b"ok", 0.1), "fast")
    assert (record.status, record.reason, record.error_class) == ("delivered", "status 200", None)
    assert [attempt.status for attempt in record.attempts] == [503, 200]
    assert not record.manual


@given(samples.delivery_records)
def test_delivered_keeps_the_rest(record: DeliveryRecord) -> None:
    """Of a record that is delivered nothing changes but what the attempt decides."""
    record = replace(record, lease=NOW, settled=("ada@example.com",), recipients={"{{ x }}": "y"}, claims=2)
    done = after(record, Response(200, b"ok", 0.1), "fast")
    assert done == replace(
        record,
        status="delivered",
        reason="status 200",
        error_class=None,
        updated_at=done.updated_at,
        attempts=(*record.attempts, done.attempts[-1]),
        attempt_count=record.attempt_count + 1,
        revision=record.revision + 1,
        next_attempt_at=None,
        look_at=None,
        manual=False,
        claims=0,
    )


def test_not_retried_ends_at_once() -> None:
    """A 404 ends a delivery at its first attempt, whatever the schedule."""
    record = after(samples.delivery(), Response(404, b"", 0.1), "standard")
    assert (record.status, record.error_class, record.tries) == ("failed", "status", 1)


@given(st.floats(0, 86_400), st.sampled_from([503, 429]))
def test_retry_after_puts_off(asked: float, status: int) -> None:
    """A receiver that asks to be left alone is, for an hour at most, and never shorter than planned."""
    record = after(samples.delivery(), Response(status, b"", 0.0, retry_after=asked), (60,))
    assert record.next_attempt_at == NOW + timedelta(seconds=max(60, min(asked, 3600)))


def test_outlasted_counts_for_nothing() -> None:
    """An attempt that only the fast lane gave up on is kept, but takes no try from the schedule."""
    timeout = Failure("timeout", "too slow", 2.0)
    attempt = attempts.attempt(REQUEST, timeout, samples.judgement_of(timeout), NOW)
    record = attempts.outlasted(samples.delivery(), attempt, "no response within 2 s", NOW)
    assert (record.status, record.tries, record.attempt_count, record.revision) == ("pending", 0, 1, 2)
    assert record.next_attempt_at == NOW


def test_ended_waits_for_nothing() -> None:
    """What is skipped or held is due no more, is nobody's wish any more, and is at a new revision."""
    waiting = records.waiting(samples.delivery(manual=True, revision=4), NOW, NOW)
    record = ended(waiting, "skipped", "rule_deleted", NOW)
    assert (record.next_attempt_at, record.look_at, record.manual) == (None, None, False)
    assert (record.status, record.reason, record.revision) == ("skipped", "rule_deleted", 5)


@given(st.binary(max_size=RESPONSE_BYTES + 10), st.booleans())
def test_answer_is_short_text(body: bytes, cut: bool) -> None:  # noqa: FBT001
    """Of any bytes at most 8,192 bytes of UTF-8 are kept, with the mark if and only if there was more."""
    text, marked = shown(body, cut=cut)
    assert len(text.encode()) <= RESPONSE_BYTES
    assert text.endswith(CUT_MARK) or not marked
    assert marked or text == body.decode(errors="replace")
    assert marked or not cut


def test_answer_at_the_limit() -> None:
    """8,192 bytes are kept whole; one more, or one byte that is no text among them, and there is a mark."""
    assert shown(b"x" * RESPONSE_BYTES) == ("x" * RESPONSE_BYTES, False)
    for more in (
        b"x" * (RESPONSE_BYTES + 1),
        b"x" * (RESPONSE_BYTES - 1) + b"\xff",
        b"\xff" * RESPONSE_BYTES,
    ):
        text, cut = shown(more)
        assert cut
        assert len(text.encode()) in range(RESPONSE_BYTES - 3, RESPONSE_BYTES + 1)


def test_attempt_begins_when_it_began() -> None:
    """A record was last changed when its last attempt ended: the beginning and the duration."""
    record = after(samples.delivery(), Response(200, b"", 1.5), "none")
    assert record.attempts[0].at == "2026-01-15T10:30:00.000000Z"
    assert record.updated_at == "2026-01-15T10:30:01.500000Z"


def test_mail_attempt_shows_no_credentials() -> None:
    """Of an email the server is shown, and neither its user's name nor the password."""
    mail = EmailRequest("mx", 25, "none", ("user", "hunter2"), "a@b", ("c@d",), b"", 30)
    outcome = Failure("smtp_temporary", "451", 0.2, status=451)
    made = attempts.attempt(mail, outcome, samples.judgement_of(outcome), NOW)
    assert (made.method, made.url, made.status) == ("MAIL", "smtp://mx:25", 451)
    assert "hunter2" not in repr(made)
    assert "user" not in repr(made)


@given(st.text(min_size=1), st.uuids())
def test_delivery_id_can_be_taken_apart(event_id: str, rule_id: object) -> None:
    """The ids of event and rule come back out of a delivery's id, whatever is in the event's."""
    assert split_delivery_id(delivery_id(event_id, str(rule_id))) == (event_id, str(rule_id))


@given(st.text())
def test_no_delivery_id(text: str) -> None:
    """Text that is no delivery's id is taken apart as well, without an error."""
    assert len(split_delivery_id(text)) == 2


def many_attempts(outcome: Outcome, headers: tuple[tuple[str, str], ...], count: int) -> DeliveryRecord:
    """Make the record of a delivery with the largest message that failed many times."""
    judgement = samples.judgement_of(outcome)
    record = samples.delivery(message="m" * 256 * 1024, subject="s" * 250)
    request = replace(REQUEST, headers=headers)
    for _ in range(count):
        attempt = attempts.attempt(request, outcome, judgement, NOW)
        record = attempts.attempted(record, attempt, judgement, outcome, (60,) * 20, 0.0, NOW)
    return record


def test_ordinary_attempts_are_all_kept() -> None:
    """A full 8 KB of an ordinary answer stays with each of the last 12 attempts."""
    record = many_attempts(Response(500, b"nope\n" * 1639, 0.1, cut=True), (("X-A", "b" * 100),), 14)
    assert (len(record.attempts), record.attempt_count) == (MAX_ATTEMPTS_KEPT, 14)


def test_reason_is_short() -> None:
    """What a library or receiver says of a failure is kept up to a length."""
    record = after(samples.delivery(), Failure("protocol", "x" * 9_000, 0.1), "none")
    assert record.reason is not None
    assert len(record.reason) == MAX_REASON_CHARS
    assert len(ended(record, "failed", "y" * 9_000, NOW).reason or "") == MAX_REASON_CHARS
