"""What is sent to a receiver, and what its response means."""

from datetime import UTC, datetime

import pytest

from notifications.core.delivery import (
    Content,
    Failure,
    Judgement,
    Response,
    WebhookRequest,
)
from notifications.core.kinds import build_request, judge, kind_of
from notifications.core.kinds.webhook import EXCERPT_CHARS, USER_AGENT
from notifications.core.model import EmailSpec, WebhookSpec
from notifications.core.retries import is_retried

URL = "https://example.com/hook?a=1"
NOW = datetime(2026, 1, 15, 10, 30, tzinfo=UTC)


def laid_out(spec: WebhookSpec, message: str = "m") -> WebhookRequest:
    """Build the request that carries a message."""
    made = build_request(spec, Content(message), "message-1", NOW)
    assert isinstance(made, WebhookRequest)
    return made


def test_request_is_what_the_spec_says() -> None:
    """Method, URL, timeout and headers are the spec's, the body is the message in UTF-8."""
    spec = WebhookSpec(URL, method="PUT", headers={"X-Token": "t"}, timeout=3)
    sent = laid_out(spec, "세션 🚀")
    assert (sent.method, sent.url, sent.timeout) == ("PUT", URL, 3)
    assert sent.body == "세션 🚀".encode()
    assert ("X-Token", "t") in sent.headers


def test_default_headers() -> None:
    """Without headers of its own a channel sends JSON, says who is sending, and names the message."""
    headers = dict(laid_out(WebhookSpec(URL), "m").headers)
    assert headers == {
        "Content-Type": "application/json",
        "User-Agent": USER_AGENT,
        "webhook-id": "message-1",
    }


@pytest.mark.parametrize("name", ["Content-Type", "content-type", "CONTENT-TYPE"])
def test_specs_content_type_wins(name: str) -> None:
    """A header cannot contradict the spec's content type, and it is sent once."""
    spec = WebhookSpec(URL, content_type="text/plain", headers={name: "text/html"})
    sent = [value for header, value in laid_out(spec, "m").headers if header.lower() == "content-type"]
    assert sent == ["text/plain"]


def test_length_is_the_bodys() -> None:
    """A header cannot tell a wrong length."""
    spec = WebhookSpec(URL, headers={"content-length": "1"})
    assert "content-length" not in {name.lower() for name, _ in laid_out(spec, "long").headers}


def test_message_id_is_the_messages() -> None:
    """A channel's header cannot name another message, on which the receiver would find duplicates."""
    spec = WebhookSpec(URL, headers={"Webhook-Id": "mine"})
    sent = [value for name, value in laid_out(spec).headers if name.lower() == "webhook-id"]
    assert sent == ["message-1"]


def test_own_user_agent() -> None:
    """A channel may name its own User-Agent, which is sent instead of ours."""
    headers = laid_out(WebhookSpec(URL, headers={"user-agent": "mine"}), "m").headers
    assert [value for name, value in headers if name.lower() == "user-agent"] == ["mine"]


@pytest.mark.parametrize("status", [200, 201, 202, 203, 204, 206, 207, 226, 299])
def test_success(status: int) -> None:
    """The default's four statuses mean: delivered."""
    assert judge(WebhookSpec(URL), Response(status, b"", 0.1)) == Judgement(True, None, f"status {status}")


@pytest.mark.parametrize("status", [100, 199, 300, 301, 302, 304, 400, 404, 410, 429, 500, 503])
def test_other_status(status: int) -> None:
    """Every other status is a failure, redirects too, and the reason has status and response."""
    judgement = judge(WebhookSpec(URL), Response(status, "nein, danke ü".encode(), 0.1))
    assert (judgement.delivered, judgement.error_class) == (False, "status")
    assert str(status) in judgement.reason
    assert "nein, danke ü" in judgement.reason


def test_listed_statuses_decide() -> None:
    """Only what the spec lists is success: 302 if it is listed, 200 not if it is not."""
    spec = WebhookSpec(URL, success_status_codes=(302,))
    assert judge(spec, Response(302, b"", 0.1)).delivered
    assert not judge(spec, Response(200, b"", 0.1)).delivered


def test_excerpt_is_short() -> None:
    """Of a long answer, or one that is no text, the reason has the first characters only."""
    reason = judge(WebhookSpec(URL), Response(500, b"\xff" + b"x" * 9_000, 0.1)).reason
    assert reason.endswith("\ufffd" + "x" * (EXCERPT_CHARS - 1))


def test_no_answer() -> None:
    """Without an answer the judgement has the failure's class and words."""
    failure = Failure("dns", "no such host", 0.1)
    assert judge(WebhookSpec(URL), failure) == Judgement(False, "dns", "no such host")


@pytest.mark.parametrize(
    ("content_type", "expected"),
    [
        ("application/json", "json"),
        ("Application/JSON; charset=utf-8", "json"),
        ("application/cloudevents+json", "json"),
        ("text/plain", "text"),
        ("application/jsonlines", "text"),
        ("application/json-seq", "text"),
    ],
)
def test_message_format(content_type: str, expected: str) -> None:
    """Messages of a JSON content type are made as JSON, all others as text."""
    spec = WebhookSpec(URL, content_type=content_type)
    assert kind_of(spec).message_format(spec) == expected


def test_message_format_of_mail() -> None:
    """Mail is text."""
    spec = EmailSpec("mail.example.com", 25, "a@example.com", ("b@example.com",))
    assert kind_of(spec).message_format(spec) == "text"


def test_codes_that_a_channel_names() -> None:
    """Where a channel names its codes, no other counts."""
    spec = WebhookSpec(URL, success_status_codes=(200, 302))
    assert judge(spec, Response(302, b"", 0.1)).delivered
    assert not judge(spec, Response(201, b"", 0.1)).delivered


@pytest.mark.parametrize(
    ("body", "delivered"),
    [(b"ok", True), (b"all ok", False), (b"ok, error: no", False), ("ok 이름".encode(), True), (b"", False)],
)
def test_what_a_body_must_match(body: bytes, delivered: bool) -> None:  # noqa: FBT001
    """A success whose body is not as the channel says is none; the reason shows what came."""
    spec = WebhookSpec(URL, response_match="^ok", response_no_match="error:")
    judgement = judge(spec, Response(200, body, 0.1))
    assert judgement.delivered == delivered
    if not delivered:
        assert judgement.error_class == "response"
        assert judgement.reason.endswith(body.decode())
        assert is_retried(judgement, Response(200, body, 0.1))


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirect(status: int) -> None:
    """A redirect is a failure for good, whose reason says that nobody follows it."""
    response = Response(status, b"moved", 0.1)
    judged = judge(WebhookSpec(URL), response)
    assert (
        judged.reason == f"The receiver answered with status {status}, and redirects are not followed: moved"
    )
    assert not is_retried(judged, response)
