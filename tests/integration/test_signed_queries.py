"""A query is accepted in each form in which clients write and sign it."""

import pytest

from notifications.api.authentication import signed_request
from tests.cloud.gateway import HOST, Answer, invoke, proxy_event, sign

PATH = "/notifications/events"


def signed(query: str, **more: str) -> Answer:
    """Make a request whose signature covers the query as it stands here."""
    target = f"{PATH}?{query}"
    headers = sign("GET", f"/v1{target}", {"Host": HOST, "Content-Type": "text/plain", **more})
    return invoke(proxy_event("GET", target, headers, None))


@pytest.mark.usefixtures("cloud")
@pytest.mark.parametrize(
    "query",
    [
        "limit=1&since=2026-01-01T00:00:00Z",
        "limit=1&since=2026-01-01T00%3A00%3A00Z",
        "limit=1&since=2026-01-01T00%3a00%3a00Z",
        "since=2026-01-01T00%3a00%3a00Z&limit=1",
        "limit=1&",
        "limit=1&since=2026-01-01T00%3a00%3a00Z&",
        "rule_type=a~b",
        "rule_type=a%7Eb",
        "rule_type=a%7eb",
        "rule_type=a+b",
        "rule_type=a%20b",
        "rule_type=a(b)!*'",
        "rule_type=%EC%9D%B4",
        "rule_type=%ec%9d%b4",
        "rule_type=a%2Fb",
        "rule_type=a/b?c",
        "rule_type",
        "rule_type=",
        "limit=1&rule_type",
        "rule_type=%EC%9D%B4~(a)+b&limit=2&",
    ],
)
def test_forms(query: str) -> None:
    """Escapes in either case, spaces in either form, flags, and an & at the end are accepted."""
    assert signed(query).status != 401


def test_a_long_query_costs_little() -> None:
    """Whoever has not signed in cannot make the service try hundreds of forms of ten thousand letters."""
    hostile = "&".join(f"a~{number}=:/ ~()!*'?;%C3%A9" for number in range(300))
    forms = signed_request(proxy_event("GET", f"{PATH}?{hostile}", {}, None)).paths
    assert sum(map(len, forms)) < 1_500_000


@pytest.mark.usefixtures("cloud")
@pytest.mark.parametrize("written", ["a%3Ab%20c", "a:b%20c"])
def test_a_long_query_as_usual(written: str) -> None:
    """A long query is accepted as Python and JavaScript write it."""
    assert signed(f"limit=1&rule_type={written * 300}").status != 401


@pytest.mark.usefixtures("cloud")
def test_another_query_is_not_accepted() -> None:
    """A signature covers this query alone; the refusal says what it was compared with, and no secret."""
    headers = sign("GET", f"/v1{PATH}?limit=1", {"Host": HOST, "Content-Type": "text/plain"})
    answer = invoke(proxy_event("GET", f"{PATH}?limit=2", headers, None))
    assert answer.status == 401
    told = answer.json["msg"]
    assert f"GET\\n/v1{PATH}?limit=2\\n{headers['Date']}\\nhost:{HOST}\\ncontent-type:text/plain" in told
    assert "super secret" not in told


@pytest.mark.usefixtures("cloud")
@pytest.mark.parametrize("name", ["X-BackendAI-Date", "X-Sorna-Date"])
def test_a_date_that_browsers_may_set(name: str) -> None:
    """Where there is no Date the other header is, as Backend.AI's server takes it; Date goes first."""
    headers = sign("GET", f"/v1{PATH}", {"Host": HOST, "Content-Type": "text/plain"})
    date = headers.pop("Date")
    assert invoke(proxy_event("GET", PATH, {**headers, name: date}, None)).status == 200
    assert invoke(proxy_event("GET", PATH, {**headers, name: "yesterday", "Date": date}, None)).status == 200
    assert invoke(proxy_event("GET", PATH, headers, None)).slug == "invalid-auth-params"
