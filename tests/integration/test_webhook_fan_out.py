"""Many webhooks at once: all come, connections are reused, and handles are given back."""

import socket
import threading
from collections import Counter
from collections.abc import Iterator
from time import monotonic

import pytest

from local.receiver import Received, Receiver, Reply
from notifications.core.delivery import Response, WebhookRequest
from notifications.outbound.sender import Sender
from notifications.outbound.waiting import Later
from tests.integration.sending import LOCAL, post
from tests.integration.sockets import RawServer, hang, raw_server


def requests(url: str, count: int) -> list[WebhookRequest]:
    """Make messages that tell their number."""
    return [post(url, str(number)) for number in range(count)]


def test_all_come() -> None:
    """300 messages through 16 handles come once each, and each outcome has its message's position."""
    with Receiver(lambda request: Reply(body=request.body)) as receiver:
        outcomes = dict(Sender(max_in_flight=16, policy=LOCAL).send_all(requests(receiver.url, 300)))
        received = Counter(request.text for request in receiver.received)
    assert received == Counter(str(number) for number in range(300))
    for position, outcome in outcomes.items():
        assert isinstance(outcome, Response)
        assert outcome.body == str(position).encode()
    assert len(outcomes) == 300


def test_no_more_in_flight_than_allowed() -> None:
    """Never are there more exchanges at a time than ``max_in_flight``."""
    lock, released = threading.Lock(), threading.Event()
    open_now: list[None] = []
    most: list[int] = []

    def reply(_: Received) -> Reply:
        with lock:
            open_now.append(None)
            most.append(len(open_now))
        released.wait(0.005)
        with lock:
            open_now.pop()
        return Reply()

    with Receiver(reply) as receiver:
        assert len(list(Sender(4, policy=LOCAL).send_all(requests(receiver.url, 40)))) == 40
    assert 1 < max(most) <= 4


def test_no_requests() -> None:
    """Nothing to send ends at once with nothing."""
    assert list(Sender(policy=LOCAL).send_all([])) == []


def test_requests_are_taken_as_handles_get_free() -> None:
    """A long series of messages is made as it is sent, not held in memory at once."""
    taken: list[int] = []
    with Receiver() as receiver:

        def series() -> Iterator[WebhookRequest]:
            for number, request in enumerate(requests(receiver.url, 20)):
                taken.append(number)
                yield request

        outcomes = Sender(max_in_flight=2, policy=LOCAL).send_all(series())
        next(outcomes)
        assert len(taken) <= 4  # two have ended at most, and two are on their way
        assert len(list(outcomes)) == 19


def test_later_delays_nothing_else() -> None:
    """A request whose time has not come holds up none of the others, and begins at its time."""
    began = monotonic()
    asked_when_idle: list[float] = []
    with Receiver() as receiver:

        def series() -> Iterator[WebhookRequest | Later]:
            yield post(receiver.url, "now")
            while (left := began + 0.7 - monotonic()) > 0:
                yield Later(left)
            yield post(receiver.url, "then")

        sending = Sender(policy=LOCAL).send_all(series(), lambda: asked_when_idle.append(monotonic()))
        position, _ = next(sending)
        assert position == 0
        assert monotonic() - began < 0.5
        assert [position for position, _ in sending] == [1]
        assert 0.7 <= monotonic() - began < 1.2
    assert [request.text for request in receiver.received] == ["now", "then"]
    assert asked_when_idle, "the caller has time for other work meanwhile"


def test_later_beside_a_receiver_that_hangs() -> None:
    """Nobody asks for the next request again and again while its time has not come or no handle is free."""
    asked: list[float] = []
    with raw_server(hang) as server:

        def series() -> Iterator[WebhookRequest | Later]:
            yield post(server.url, timeout=1)
            asked.append(monotonic())
            yield Later(0.1)
            asked.append(monotonic())
            yield post(server.url, timeout=0.2)

        assert len(list(Sender(2, policy=LOCAL).send_all(series()))) == 2
    assert len(asked) == 2
    assert 0.1 <= asked[1] - asked[0] < 0.5


def keep_alive(connection: socket.socket, ended: threading.Event) -> None:
    """Answer request after request on one connection."""
    while not ended.is_set() and connection.recv(65_536):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")


def test_connections_are_reused() -> None:
    """Messages one after the other, in one call or in several, go over one connection."""
    with raw_server(keep_alive) as server:
        sender = Sender(max_in_flight=1, policy=LOCAL)
        for _ in range(3):
            assert len(list(sender.send_all(requests(server.url, 5)))) == 5
        connections = len(server.connections)
        del sender  # closes its connection, so that the server's thread ends
    assert connections == 1


def stop_early(sender: Sender, server: RawServer, receiver: Receiver) -> None:
    """Take the first outcome of many and go."""
    urls = [receiver.url] * 4 + [server.url] * 4
    outcomes = sender.send_all([post(url) for url in urls])
    next(outcomes)
    outcomes.close()  # type: ignore[attr-defined]


def test_stopping_early_gives_the_handles_back() -> None:
    """A caller that stops early, many times, leaves a sender that can still send at its full width."""
    sender = Sender(max_in_flight=8, policy=LOCAL)
    with raw_server(hang) as server, Receiver() as receiver:
        for _ in range(10):
            stop_early(sender, server, receiver)
    with Receiver() as receiver:
        assert len(list(sender.send_all(requests(receiver.url, 50)))) == 50


def test_failing_series_gives_the_handles_back() -> None:
    """When the series of messages itself fails, the sender goes on working afterwards."""
    sender = Sender(max_in_flight=1, policy=LOCAL)

    def failing(url: str) -> Iterator[WebhookRequest]:
        yield from requests(url, 1)
        raise LookupError("no more")

    with Receiver() as receiver:
        for _ in range(3):
            with pytest.raises(LookupError):
                list(sender.send_all(failing(receiver.url)))
        assert isinstance(sender.send(requests(receiver.url, 1)[0]), Response)
