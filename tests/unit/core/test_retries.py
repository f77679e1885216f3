"""Which failures are tried again, and after how long."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.core.delivery import ErrorClass, Failure, Judgement, Response
from notifications.core.kinds import judge
from notifications.core.model import Retry, WebhookSpec
from notifications.core.retries import (
    JITTER,
    MAX_DELAY_SECONDS,
    MAX_RETRIES,
    MAX_RETRY_AFTER_SECONDS,
    SCHEDULES,
    delay,
    held_back_for,
    is_retried,
)
from tests.samples.records import schedules

SPEC = WebhookSpec("https://example.com")


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 507, 599])
def test_retried_statuses(status: int) -> None:
    """Of the statuses, those are tried again that say: not now."""
    outcome = Response(status, b"", 0.1)
    assert is_retried(judge(SPEC, outcome), outcome)


@pytest.mark.parametrize(
    "status", [100, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 405, 409, 410, 413, 422, 451, 600]
)
def test_final_statuses(status: int) -> None:
    """Redirects, which nobody follows, and all other refusals would come again: they are not tried again."""
    outcome = Response(status, b"", 0.1)
    assert not is_retried(judge(SPEC, outcome), outcome)


@pytest.mark.parametrize(
    ("error_class", "again"),
    [
        ("dns", True),
        ("connect", True),
        ("tls", True),
        ("timeout", True),
        ("protocol", True),
        ("too_large", True),
        ("smtp_temporary", True),
        ("smtp_permanent", False),
        ("refused_address", False),
        ("render", False),
        ("invalid", False),
    ],
)
def test_classes(error_class: ErrorClass, again: bool) -> None:  # noqa: FBT001
    """What the network does may be over soon; what the configuration says will not be."""
    outcome = Failure(error_class, "m", 0.1)
    assert is_retried(judge(SPEC, outcome), outcome) == again


def test_status_that_the_channel_does_not_want() -> None:
    """A 200 from a receiver whose channel wants 204 is a failure that would come again."""
    outcome = Response(200, b"", 0.1)
    assert not is_retried(
        judge(WebhookSpec("https://example.com", success_status_codes=(204,)), outcome), outcome
    )


def test_standard_schedule_is_the_documented_one() -> None:
    """At once, then 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 10 h, then never."""
    waits = [delay("standard", tries, 0.0) for tries in range(1, 9)]
    assert waits == [5, 300, 1_800, 7_200, 18_000, 36_000, 36_000, None]


def test_no_retries() -> None:
    """The schedule ``none``, and an empty one, have no second try, whatever the receiver asks for."""
    assert delay("none", 1, 0.0, 60) is None
    assert delay((), 1, 0.0, 60) is None


@given(schedules, st.integers(1, MAX_RETRIES), st.floats(-1, 1))
def test_jitter_bounds(retry: Retry, tries: int, jitter: float) -> None:
    """Chance moves a try by 20 % of its delay at most, and never past its schedule's end."""
    schedule = SCHEDULES[retry] if isinstance(retry, str) else retry
    wait = delay(retry, tries, jitter)
    if tries > len(schedule):
        assert wait is None
    else:
        assert wait is not None
        assert abs(wait - schedule[tries - 1]) <= JITTER * schedule[tries - 1] + 1e-9


@given(st.integers(1, MAX_DELAY_SECONDS), st.floats(-1, 1), st.floats(allow_nan=False, allow_infinity=True))
def test_retry_after(planned: int, jitter: float, asked: float) -> None:
    """Retry-After never brings a try forward, and puts it off to an hour at most."""
    without = delay((planned,), 1, jitter)
    wait = delay((planned,), 1, jitter, asked)
    assert without is not None
    assert wait is not None
    assert without <= wait <= max(without, MAX_RETRY_AFTER_SECONDS)
    assert wait >= min(asked, MAX_RETRY_AFTER_SECONDS)


@pytest.mark.parametrize(
    ("outcome", "asked", "seconds"),
    [
        (Response(429, b"", 0.1, retry_after=30), None, 30),
        (Response(503, b"", 0.1, retry_after=30), None, 30),
        (Response(429, b"", 0.1), None, None),
        (Response(429, b"", 0.1, retry_after=0), None, None),
        (Response(500, b"", 0.1, retry_after=30), None, None),
        (Response(200, b"{}", 0.1), 7.5, 7.5),
        (Response(200, b"{}", 0.1), 1e9, MAX_RETRY_AFTER_SECONDS),
        (Failure("timeout", "m", 2.0), None, None),
    ],
)
def test_who_asks_for_no_message_at_all(
    outcome: Response | Failure, asked: float | None, seconds: float | None
) -> None:
    """It is a 429 or 503 that names a time, or what the service says in its own way."""
    judgement = Judgement(delivered=False, error_class="status", reason="r", retry_after=asked)
    assert held_back_for(judgement, outcome) == seconds
