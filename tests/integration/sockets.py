"""Receivers that misbehave in ways that no HTTP server library can."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

HANG_SECONDS = 600.0
"""How long a receiver hangs at most: longer than any test takes."""


@dataclass
class RawServer:
    """A listening socket and the connections that came to it."""

    url: str
    ended: threading.Event = field(default_factory=threading.Event)
    connections: list[socket.socket] = field(default_factory=list)


@contextmanager
def raw_server(serve: Callable[[socket.socket, threading.Event], None]) -> Iterator[RawServer]:
    """Accept connections on a free port; ``serve`` is given each one, and an event that is set at the end."""
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listener:
        server = RawServer(f"http://127.0.0.1:{listener.getsockname()[1]}")
        threads: list[threading.Thread] = []

        def handle(connection: socket.socket) -> None:
            with connection:
                try:
                    serve(connection, server.ended)
                except OSError:  # the sender has gone, as it may
                    server.ended.wait(0)

        def accept() -> None:
            while True:
                connection, _ = listener.accept()
                if server.ended.is_set():
                    connection.close()
                    return
                server.connections.append(connection)
                threads.append(threading.Thread(target=handle, args=(connection,)))
                threads[-1].start()

        acceptor = threading.Thread(target=accept)
        acceptor.start()
        try:
            yield server
        finally:
            server.ended.set()
            socket.create_connection(listener.getsockname()).close()  # wakes accept()
            for thread in [acceptor, *threads]:
                thread.join(60)


def hang(_connection: socket.socket, ended: threading.Event) -> None:
    """Take the connection and never say anything."""
    ended.wait(HANG_SECONDS)


def hang_for_a_while(_connection: socket.socket, ended: threading.Event) -> None:
    """Take the connection and close it after two seconds."""
    ended.wait(2)


def echo(connection: socket.socket, _ended: threading.Event) -> None:
    """Answer with the request's own head and body."""
    request = connection.recv(65_536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(request), request))


def drip(connection: socket.socket, ended: threading.Event) -> None:
    """Answer one byte at a time, without end."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    while not ended.wait(0.02):
        connection.sendall(b".")


def stall(response: bytes) -> Callable[[socket.socket, threading.Event], None]:
    """Read a request's beginning, send these bytes, and leave the connection open."""

    def serve(connection: socket.socket, ended: threading.Event) -> None:
        connection.recv(65_536)
        connection.sendall(response)
        ended.wait(30)

    return serve


def answer(response: bytes) -> Callable[[socket.socket, threading.Event], None]:
    """Read a request's beginning, send these bytes, and close."""

    def serve(connection: socket.socket, _ended: threading.Event) -> None:
        connection.recv(65_536)
        connection.sendall(response)

    return serve


def unused_url() -> str:
    """Return a loopback URL where nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}/"
