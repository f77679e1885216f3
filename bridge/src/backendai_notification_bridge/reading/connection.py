"""Connections to the Valkey that is the master now."""

import socket
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from valkey.connection import Connection as PlainConnection
from valkey.connection import SSLConnection
from valkey.exceptions import ConnectionError as NoConnection
from valkey.exceptions import ValkeyError
from valkey.sentinel import Sentinel

CONNECT_SECONDS = 5.0
REPLY_SECONDS = 10.0
"""Longer than any command here blocks; a connection without a reply for so long counts as dead."""

KEEPALIVE = {socket.TCP_KEEPIDLE: 10, socket.TCP_KEEPINTVL: 5, socket.TCP_KEEPCNT: 3}

_sentinel: Any = Sentinel  # it has no types

AWAY = (ValkeyError, OSError)
"""The errors of commands while Valkey is away, restarting or demoted."""


class NotMaster(NoConnection):
    """The node is a replica: it can be read, but may be cut off from new entries."""


@dataclass(frozen=True, slots=True)
class ValkeyEndpoint:
    """Where Valkey is, and how to reach it: by ``address``, or by ``sentinels`` and ``service``."""

    address: tuple[str, int] | None = None
    sentinels: tuple[tuple[str, int], ...] = ()
    service: str | None = None
    password: str | None = None
    sentinel_password: str | None = None
    use_tls: bool = False
    tls_skip_verify: bool = False
    ca_file: Path | None = None
    database: int = 4
    lock_database: int = 15


class Connection:
    """A connection: commands out, replies in, in order."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def ask(self, *command: str | int) -> Any:
        """Send a command and return its reply.

        Raises:
            ValkeyError, OSError: no reply came, or it is an error.
        """
        self._connection.send_command(*command)
        return self.read()

    def pack(self, commands: Iterable[tuple[str, ...]]) -> list[bytes]:
        """Encode commands for ``send``."""
        packed: list[bytes] = self._connection.pack_commands(commands)
        return packed

    def send(self, packed: list[bytes]) -> None:
        """Send commands; their replies are read later."""
        self._connection.send_packed_command(packed)

    def read(self) -> Any:
        """Read a reply."""
        return self._connection.read_response()

    def readable(self, seconds: float = 0.0) -> bool:
        """Wait so long for a reply to begin; return whether one has."""
        return bool(self._connection.can_read(seconds))

    def close(self) -> None:
        """Close the connection."""
        self._connection.disconnect()


class Connections:
    """Make connections to the master."""

    def __init__(self, endpoint: ValkeyEndpoint) -> None:
        self.endpoint = endpoint

    def master(self) -> tuple[str, int]:
        """Return the master's present address.

        Raises:
            ValkeyError, OSError: no Sentinel knows.
        """
        endpoint = self.endpoint
        if endpoint.address is not None:
            return endpoint.address
        options = {**self._options(), "password": endpoint.sentinel_password or endpoint.password}
        sentinel: Any = _sentinel(
            list(endpoint.sentinels), sentinel_kwargs={**options, "ssl": endpoint.use_tls}
        )
        try:
            found: tuple[str, int] = sentinel.discover_master(endpoint.service or "")
        finally:
            for client in sentinel.sentinels:
                client.close()
        return found

    def open(self, database: int, address: tuple[str, int] | None = None) -> Connection:
        """Connect to the master, or to an address that must be one.

        Raises:
            ValkeyError, OSError: it cannot be reached, or is not a master.
        """
        host, port = address or self.master()
        kind = SSLConnection if self.endpoint.use_tls else PlainConnection
        made = Connection(
            kind(host=host, port=port, db=database, password=self.endpoint.password, **self._options())
        )
        try:
            role = made.ask("ROLE")
            if role[0] != b"master":
                raise NotMaster(f"{host}:{port} is not a master")
        except AWAY:
            made.close()
            raise
        return made

    def _options(self) -> dict[str, Any]:
        """Return the options that all connections share."""
        options: dict[str, Any] = {
            "socket_connect_timeout": CONNECT_SECONDS,
            "socket_timeout": REPLY_SECONDS,
            "socket_keepalive": True,
            "socket_keepalive_options": KEEPALIVE,
        }
        if self.endpoint.use_tls:
            options["ssl_cert_reqs"] = "none" if self.endpoint.tls_skip_verify else "required"
            options["ssl_check_hostname"] = not self.endpoint.tls_skip_verify
            if self.endpoint.ca_file is not None:
                options["ssl_ca_certs"] = str(self.endpoint.ca_file)
        return options
