"""The receivers of the attacks do what they are named for, and nothing that one does stops the others."""

import http.client
import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
import trustme

from tests.attack.hostile_responses import answer, drip, echo, endless, hang
from tests.attack.web_receiver import WebReceiver

SECONDS = 5
RESPONDERS = {
    "endless": endless(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 65_536),
    "slow": drip(b"HTTP/1.1 200 OK\r\n\r\n"),
    "hang": hang,
    "echo": echo("400 Bad Request"),
    "garbage": answer(b"\x00\xff\r\n\r\n"),
}


def server_context(authority: trustme.CA) -> ssl.SSLContext:
    """Make the TLS settings of a server on 127.0.0.1."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.fixture
def receiver() -> Iterator[WebReceiver]:
    """Serve without TLS."""
    made = WebReceiver("127.0.0.1", 0, dict(RESPONDERS))
    yield made
    made.close()


@contextmanager
def posted(
    receiver: WebReceiver, path: str, context: ssl.SSLContext | None = None, seconds: float = SECONDS
) -> Iterator[http.client.HTTPResponse]:
    """Post a message; have the response with its body yet to be read."""
    place = urlsplit(receiver.url).netloc
    connection: Any = (
        http.client.HTTPSConnection(place, timeout=seconds, context=context)
        if context
        else http.client.HTTPConnection(place, timeout=seconds)
    )
    with closing(connection):
        connection.request("POST", path, b"hello", {"Authorization": "Bearer x"})
        with connection.getresponse() as response:
            yield response


def test_others_are_served_beside_those_without_an_end(receiver: WebReceiver) -> None:
    """While three responses never end, a fourth request gets its own, and all are kept as they came."""
    with posted(receiver, "/endless") as flood, posted(receiver, "/slow") as slow:
        with pytest.raises(TimeoutError), posted(receiver, "/hang", seconds=0.5):
            pass
        assert len(flood.read(1_000_000)) == 1_000_000
        assert slow.read(2) == b"xx"
        with posted(receiver, "/good/one") as good:
            assert (good.status, good.read()) == (200, b"ok")
    assert [message.body for message in receiver.at("/good/one")] == [b"hello"]


def test_what_was_sent_is_repeated(receiver: WebReceiver) -> None:
    """An echo has the whole request in its body, and the credentials in a header too."""
    with posted(receiver, "/echo/more") as response:
        assert (response.status, response.headers["X-Echo"]) == (400, "Bearer x")
        assert response.read().endswith(b"hello")
    with pytest.raises(http.client.BadStatusLine), posted(receiver, "/garbage"):
        pass


def test_another_certificate_is_presented_when_it_is_asked_for() -> None:
    """A sender is served, then refuses the certificate of another authority, then is served again."""
    right, wrong = trustme.CA(), trustme.CA()
    trusting = ssl.create_default_context()
    right.configure_trust(trusting)
    context = server_context(right)
    receiver = WebReceiver("127.0.0.1", 0, {}, context)
    try:
        with posted(receiver, "/a", trusting) as response:
            assert response.status == 200
        receiver.present(server_context(wrong))
        with pytest.raises(ssl.SSLCertVerificationError), posted(receiver, "/b", trusting):
            pass
        receiver.present(context)
        with posted(receiver, "/c", trusting) as response:
            assert response.status == 200
        assert [message.path for message in receiver.received] == ["/a", "/c"]
    finally:
        receiver.close()
