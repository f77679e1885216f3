"""What the sender puts on the wire, seen by a real receiver."""

from typing import Any

import pytest

from local.receiver import Received, Receiver, Reply
from notifications.core.delivery import Response
from notifications.outbound.sender import Sender
from tests.integration.sending import LOCAL, post
from tests.integration.sockets import echo, raw_server


def sent(message: str = "m", path: str = "/", **more: Any) -> Received:
    """Send one message and return what came."""
    with Receiver() as receiver:
        outcome = Sender(policy=LOCAL).send(post(receiver.url + path, message, **more))
        assert isinstance(outcome, Response)
        (received,) = receiver.received
        return received


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_method(method: str) -> None:
    """The method is the channel's."""
    assert sent(method=method).method == method


@pytest.mark.parametrize("path", ["/hook?token=a%20b&c=d&c=e", "/a//b/%2E%2E/c", "/?", "/%E2%82%AC"])
def test_path_and_query(path: str) -> None:
    """Path and query string arrive as they are written in the URL."""
    assert sent(path=path).path == path


def test_fragment_is_not_sent() -> None:
    """What follows # in the URL stays here."""
    assert sent(path="/hook?a=1#secret").path == "/hook?a=1"


@pytest.mark.parametrize("message", ["", '{"text": "세션 🚀"}', "a=1&b=\r\n2", "x" * 262_144, "@/etc/passwd"])
def test_body(message: str) -> None:
    """The body is the message's bytes in UTF-8, whatever they are, with their length."""
    received = sent(message)
    assert received.body == message.encode()
    assert received.headers["content-length"] == str(len(message.encode()))
    assert "expect" not in received.headers


def test_headers() -> None:
    """Headers arrive as they are, the content type too, values in any script as UTF-8."""
    headers = (("X-Token", "a: b"), ("X-Name", "ü"), ("Content-Type", "text/plain; charset=utf-8"))
    received = sent(headers=headers)
    assert received.headers["x-token"] == "a: b"
    assert received.headers["x-name"].encode("latin-1") == "ü".encode()
    assert received.headers["content-type"] == "text/plain; charset=utf-8"


def test_empty_header() -> None:
    """A header whose value is empty is sent, not dropped."""
    assert sent(headers=(("X-Empty", ""),)).headers.get("x-empty") == ""


def test_own_accept() -> None:
    """A channel's own Accept header is sent instead of the default, not beside it."""
    with raw_server(echo) as server:
        outcome = Sender(policy=LOCAL).send(post(server.url, headers=(("Accept", "text/html"),)))
    assert isinstance(outcome, Response)
    lines = outcome.body.decode().splitlines()
    assert [line for line in lines if line.lower().startswith("accept:")] == ["Accept: text/html"]


def test_no_redirect_is_followed() -> None:
    """A redirect is the response: its status comes back, and nothing is sent to where it points."""
    with Receiver() as other, Receiver(lambda _: Reply(302, {"Location": other.url})) as receiver:
        outcome = Sender(policy=LOCAL).send(post(receiver.url, "m"))
        assert isinstance(outcome, Response)
        assert outcome.status == 302
        assert other.received == []


def test_proxies_of_the_environment_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proxy variables in the environment lead nothing elsewhere."""
    with Receiver() as proxy, Receiver() as receiver:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        monkeypatch.setenv("no_proxy", "")
        Sender(policy=LOCAL).send(post(receiver.url, "m"))
        assert len(receiver.received) == 1
        assert proxy.received == []


@pytest.mark.parametrize("status", [200, 204, 404, 500])
def test_answer(status: int) -> None:
    """Status and body of the response come back."""
    body = b"" if status == 204 else b"why"
    with Receiver(lambda _: Reply(status, body=body)) as receiver:
        outcome = Sender(policy=LOCAL).send(post(receiver.url, "m"))
    assert isinstance(outcome, Response)
    assert (outcome.status, outcome.body) == (status, body)


def test_one_requests_options_do_not_stay() -> None:
    """A reused handle carries nothing of the request before: no method, header or body."""
    sender = Sender(max_in_flight=1, policy=LOCAL)
    with Receiver() as receiver:
        headers = (("X-Secret", "s"), ("Content-Type", "text/plain"))
        sender.send(post(receiver.url, "a long first message", method="PUT", headers=headers))
        sender.send(post(receiver.url, "second"))
        second = receiver.received[1]
    assert (second.method, second.text) == ("POST", "second")
    assert "x-secret" not in second.headers
    assert second.headers["content-type"] == "application/json"
