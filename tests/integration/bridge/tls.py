"""TLS before a Valkey that has none: a proxy that ends it."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import trustme


@contextmanager
def encrypted(port: int, directory: Path) -> Iterator[tuple[int, Path]]:
    """Listen with a certificate for localhost; return the port, and the authority's certificate."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(directory / "ca.pem")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=_serve, args=(listener, context, port), daemon=True).start()
    try:
        yield listener.getsockname()[1], directory / "ca.pem"
    finally:
        listener.close()


def _serve(listener: socket.socket, context: ssl.SSLContext, port: int) -> None:
    while True:
        try:
            plain, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_connect, args=(plain, context, port), daemon=True).start()


def _connect(plain: socket.socket, context: ssl.SSLContext, port: int) -> None:
    with (
        suppress(OSError),
        context.wrap_socket(plain, server_side=True) as client,
        socket.create_connection(("127.0.0.1", port)) as server,
    ):
        client.settimeout(0.002)  # one thread asks both in turn: a TLS socket is no socket for select
        server.settimeout(0.002)
        while _pass(client, server) and _pass(server, client):
            pass


def _pass(source: socket.socket, target: socket.socket) -> bool:
    try:
        data = source.recv(65_536)
    except TimeoutError:
        return True
    target.settimeout(5.0)
    target.sendall(data)
    target.settimeout(0.002)
    return bool(data)
