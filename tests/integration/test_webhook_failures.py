"""Receivers that fail, hang, drip or flood cost the sender bounded time and memory."""

import math
import time

import pytest

from local.receiver import Receiver, Reply
from notifications.core.delivery import RESPONSE_BYTES, ErrorClass, Failure, Response
from notifications.outbound.sender import Sender
from tests.integration.sending import LOCAL, post
from tests.integration.sockets import (
    answer,
    drip,
    hang,
    hang_for_a_while,
    raw_server,
    stall,
    unused_url,
)


def failure(url: str, timeout: float = 5) -> Failure:
    """Send to a URL that gives no response."""
    outcome = Sender(policy=LOCAL).send(post(url, timeout=timeout))
    assert isinstance(outcome, Failure)
    assert outcome.message
    return outcome


def test_connection_refused() -> None:
    """Where nothing listens, the failure is of class connect."""
    assert failure(unused_url()).error_class == "connect"


def test_unknown_host() -> None:
    """A host that has no address is a failure of class dns."""
    assert failure("http://receiver.invalid/").error_class == "dns"


def test_no_tls() -> None:
    """A receiver that does not speak TLS on an https URL is a failure of class tls."""
    with raw_server(answer(b"HTTP/1.1 200 OK\r\n\r\n")) as server:
        assert failure(server.url.replace("http:", "https:")).error_class == "tls"


@pytest.mark.parametrize("response", [b"", b"SSH-2.0-OpenSSH_9.6\r\n"])
def test_broken_answer(response: bytes) -> None:
    """What is no HTTP answer is a failure of class protocol."""
    with raw_server(answer(response)) as server:
        assert failure(server.url).error_class == "protocol"


def test_hanging_receiver_is_timed_out() -> None:
    """A receiver that never answers costs the channel's timeout and no more."""
    with raw_server(hang) as server:
        outcome = failure(server.url, timeout=0.3)
    assert outcome.error_class == "timeout"
    assert 0.25 < outcome.seconds < 1.5


def test_timeout_is_for_the_whole_exchange() -> None:
    """A receiver that goes on sending byte by byte is cut off at the timeout all the same."""
    with raw_server(drip) as server:
        outcome = Sender(policy=LOCAL).send(post(server.url, timeout=0.4))
    assert isinstance(outcome, Response)
    assert (outcome.status, outcome.cut) == (200, True)
    assert 0.35 < outcome.seconds < 1.5


def test_smallest_timeout_is_a_timeout() -> None:
    """The smallest timeout that a channel can have still ends the exchange."""
    with raw_server(hang_for_a_while) as server:
        assert failure(server.url, timeout=0.0001).error_class == "timeout"


@pytest.mark.parametrize("status", [200, 500])
@pytest.mark.parametrize("size", [RESPONSE_BYTES, RESPONSE_BYTES + 1, 5_000_000])
def test_huge_answer(status: int, size: int) -> None:
    """Of a huge answer the beginning is kept, the rest is not read, and the status still counts."""
    with Receiver(lambda _: Reply(status, body=b"x" * size)) as receiver:
        outcome = Sender(policy=LOCAL).send(post(receiver.url, "m"))
    assert isinstance(outcome, Response)
    assert (outcome.status, outcome.body) == (status, b"x" * RESPONSE_BYTES)


def test_endless_answer() -> None:
    """A response without end is a success as soon as its beginning is there."""
    flood = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + b"x" * 1_000_000
    with raw_server(answer(flood)) as server:
        outcome = Sender(policy=LOCAL).send(post(server.url, "m"))
    assert isinstance(outcome, Response)
    assert (outcome.status, len(outcome.body)) == (200, RESPONSE_BYTES)


@pytest.mark.parametrize(
    ("url", "error_class"),
    [("http://ho\u200bst\u3000.invalid/", None), ("http://a\\b/", None), ("http://x.invalid:0/", None)],
)
def test_odd_url_is_a_failure(url: str, error_class: ErrorClass | None) -> None:
    """A URL that libcurl can make nothing of is that delivery's failure."""
    assert failure(url).error_class != error_class


def test_bad_request_does_not_stop_the_others() -> None:
    """A request that cannot even be prepared is its own failure; the others are sent."""
    with Receiver() as receiver:
        good, bad = post(receiver.url), post(receiver.url, timeout=math.nan)
        requests = [good, bad, good]
        outcomes = dict(Sender(policy=LOCAL).send_all(requests))
    assert [type(outcomes[position]) for position in range(3)] == [
        Response,
        Failure,
        Response,
    ]


def test_hanging_receiver_does_not_delay_the_others() -> None:
    """While one receiver hangs, the messages to the others arrive, and their outcomes are told."""
    with raw_server(hang) as hanging, Receiver() as receiver:
        requests = [post(hanging.url, timeout=2)] + [post(receiver.url)] * 50
        started = time.monotonic()
        ended = [
            (position, time.monotonic() - started)
            for position, _ in Sender(8, policy=LOCAL).send_all(requests)
        ]
    assert ended[-1][0] == 0
    assert max(seconds for position, seconds in ended if position) < 1.5


WHOLE = b"HTTP/1.1 %d X\r\nContent-Length: 100\r\n\r\nbegun"


@pytest.mark.parametrize("status", [200, 404, 503])
@pytest.mark.parametrize("stays_open", [True, False])
def test_a_body_that_does_not_end(status: int, stays_open: bool) -> None:  # noqa: FBT001
    """Once the headers are there, a body that stalls or breaks off changes nothing: the status decides."""
    with raw_server(stall(WHOLE % status) if stays_open else answer(WHOLE % status)) as server:
        outcome = Sender(policy=LOCAL).send(post(server.url, timeout=0.4))
    assert isinstance(outcome, Response)
    assert (outcome.status, outcome.body, outcome.cut) == (status, b"begun", True)


@pytest.mark.parametrize(
    "response",
    [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nbegun\r\nnot a size\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n: hi\n\n",
        b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n",
    ],
)
def test_bodies_that_are_none(response: bytes) -> None:
    """A chunk that is none, a stream of events, a length without a body: the status decides."""
    with raw_server(stall(response)) as server:
        outcome = Sender(policy=LOCAL).send(post(server.url, timeout=0.4))
    assert isinstance(outcome, Response)
    assert outcome.status == 200


@pytest.mark.parametrize(
    "response", [b"HTTP/1.1 200 OK\r\nX-Header: a\r\n", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"]
)
def test_headers_that_do_not_end(response: bytes) -> None:
    """As long as the headers have not ended nothing was answered, whatever the status line said."""
    with raw_server(stall(response)) as server:
        assert failure(server.url, timeout=0.4).error_class == "timeout"
