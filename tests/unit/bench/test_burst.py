"""What the benchmark of bursts counts."""

import asyncio

from bench.burst import Burst
from bench.burst_receiver import Connection, Reception

REQUEST = b"POST /ours HTTP/1.1\r\nWebhook-Id: one\r\nContent-Length: 5\r\n\r\nhello"


class Transport(asyncio.Transport):
    """Keeps what is answered."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: list[bytes] = []

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Keep a response."""
        self.answers.append(bytes(data))


def test_a_percentile_is_what_so_many_percent_do_not_exceed() -> None:
    """Of 0 to 100, the 95th percentile is 95."""
    burst = Burst(101, [*range(101)], 1.0, 2.0, 0.0, 0.0, 0, 0)
    assert [burst.percentile(percent) for percent in (50, 95, 99)] == [50, 95, 99]


def test_a_request_in_pieces_is_received_once() -> None:
    """It counts when its body is complete, wherever it was cut."""
    for cut in range(1, len(REQUEST)):
        receptions: dict[str, Reception] = {}
        connection, transport = _connected(receptions)
        connection.data_received(REQUEST[:cut])
        assert not receptions
        connection.data_received(REQUEST[cut:])
        assert receptions["one"].times == 1
        assert len(transport.answers) == 1


def test_what_comes_twice_is_counted_twice_and_keeps_its_first_time() -> None:
    """Two requests in one piece are two."""
    receptions: dict[str, Reception] = {}
    connection, transport = _connected(receptions)
    connection.data_received(REQUEST)
    first = receptions["one"].at
    connection.data_received(REQUEST + REQUEST.replace(b"one", b"two"))
    assert (receptions["one"].times, receptions["one"].at) == (2, first)
    assert receptions["two"].times == 1
    assert len(transport.answers) == 3


def _connected(receptions: dict[str, Reception]) -> tuple[Connection, Transport]:
    connection, transport = Connection(receptions), Transport()
    connection.connection_made(transport)
    return connection, transport
