"""Whatever headers and queries a request has, the API answers it, and with no 5xx."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cloud import gateway
from tests.cloud.gateway import HOST, call, invoke, proxy_event

NUMBERS = st.sampled_from(
    ["0", "-1", "1e9", "9" * 5_000, f"-{'9' * 5_000}", "٣", "0x10", "1_000", " 1 ", "NaN", ""]
)
TIMES = st.sampled_from(
    [
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59.999999-23:59",
        "2026-01-15",
        "2026-01-15T10:30:00z",
        "20260115T103000Z",
        "2026-W03-4",
        f"2026-01-15T10:30:00.{'1' * 5_000}Z",
        "1h",
        "9" * 5_000 + "d",
    ]
)
TEXTS = st.one_of(
    st.text(max_size=40), NUMBERS, TIMES, st.sampled_from(["\x00", "a" * 20_000, "%", "%zz", "\ud83d"])
)
VERSIONS = st.one_of(
    st.sampled_from([f"v{'9' * 5_000}.20250722", "v9.20250722", "v٩.20250722"]),
    TEXTS,
    st.from_regex(r"v[0-9]{0,30}\.[0-9]{0,30}", fullmatch=True),
    NUMBERS.map("v9.{}".format),
)
CREDENTIALS = st.one_of(
    TEXTS,
    st.builds(
        "BackendAI signMethod={}, credential={}:{}".format,
        st.one_of(st.just("HMAC-SHA256"), TEXTS),
        TEXTS,
        st.one_of(st.text("0123456789abcdef", min_size=64, max_size=64), TEXTS),
    ),
)
HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "Host": st.one_of(st.just(HOST), TEXTS),
        "Date": st.one_of(st.builds(lambda: datetime.now(UTC).isoformat()), TIMES, TEXTS),
        "Authorization": CREDENTIALS,
        "X-BackendAI-Version": VERSIONS,
        "X-BackendAI-Date": TIMES,
        "Content-Type": st.one_of(st.just("application/json"), TEXTS),
        "Origin": TEXTS,
        "Idempotency-Key": TEXTS,
        "X-Forwarded-For": TEXTS,
    },
)
QUERIES = {
    "/notifications/events": ("status", "rule_type", "since", "until", "limit", "cursor"),
    "/notifications/deliveries": (
        *("status", "rule_type", "since", "until", "limit", "cursor"),
        *("channel_id", "rule_id", "event_id", "error_class"),
    ),
    "/notifications/rule-types": ("custom", "limit"),
}
FUZZ = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.usefixtures("cloud")
@FUZZ
@given(HEADERS, st.sampled_from(["GET", "POST"]), TEXTS, TEXTS)
def test_without_a_key(headers: dict[str, Any], method: str, name: str, value: str) -> None:
    """A request that nobody signed is refused with what is wrong with it, whatever its headers are."""
    target = "/notifications/events?" + quote(name, errors="replace") + "=" + quote(value, errors="replace")
    answer = invoke(proxy_event(method, target, headers, "{}" if method == "POST" else None))
    assert answer.status in {400, 401}
    assert answer.slug in {"invalid-auth-params", "auth-failed"}


@pytest.mark.usefixtures("cloud")
@pytest.mark.parametrize("path", QUERIES)
@FUZZ
@given(st.data())
def test_queries(path: str, data: st.DataObject) -> None:
    """Each parameter of a query, with any value, is heeded or refused."""
    names = data.draw(st.lists(st.sampled_from(QUERIES[path]), unique=True, max_size=4))
    parts = [f"{name}={quote(data.draw(TEXTS), safe='', errors='replace')}" for name in names]
    answer = call("GET", f"{path}?{'&'.join(parts)}" if parts else path)
    assert answer.status in {200, 400}, answer
    assert gateway.ACCESS_KEY not in answer.text


@pytest.mark.usefixtures("cloud")
@pytest.mark.parametrize(
    "version", [f"v{'9' * 5_000}.20250722", "v٩.20250722", "v9.99999999", f"v9.{'1' * 5_000}"]
)
def test_long_numbers_in_a_version(version: str) -> None:
    """A version with thousands of digits, in a request that has all else as it must, is refused."""
    credential = f"BackendAI signMethod=HMAC-SHA256, credential=AKIAUNKNOWN:{'0' * 64}"
    date = datetime.now(UTC).isoformat()
    headers = {"Host": HOST, "Date": date, "Authorization": credential, "X-BackendAI-Version": version}
    answer = invoke(proxy_event("GET", "/notifications/events", headers, None))
    assert (answer.status, answer.slug) == (400, "invalid-auth-params")
    assert len(answer.text) < 1_000
