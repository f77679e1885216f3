"""Listeners where nobody may ever come: inside this machine, where hostile targets lead."""

import contextlib
import ipaddress
import json
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

LOOPBACK = ("127.0.0.1", "127.255.255.254", "::1")
PORTS = (443, 8443, 80, 25, 465, 587, 2525, 8080, 9001)
"""Those that a stack connects to by default, and where a Lambda finds its own runtime API."""

FIRST_WORDS_SECONDS = 0.3


@dataclass
class ForbiddenListeners:
    """``seen``: each connection with the address it came to and what it said first."""

    addresses: list[tuple[str, int]] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    _listeners: list[socket.socket] = field(default_factory=list)

    def listen(self, address: str, port: int) -> bool:
        """Listen there unless it is taken, or not ours to take; tell whether."""
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        try:
            listener = socket.create_server((address, port), family=family)
        except OSError:
            return False
        self._listeners.append(listener)
        self.addresses.append((address, port))
        threading.Thread(target=self._watch, args=(listener,), daemon=True).start()
        return True

    def close(self) -> None:
        """Listen no more."""
        for listener in self._listeners:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()

    def _watch(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError):
                came_to = connection.getsockname()[:2]
                connection.settimeout(FIRST_WORDS_SECONDS)
                words = b""
                with contextlib.suppress(TimeoutError):
                    words = connection.recv(80)
                self.seen.append(f"a connection came to {came_to} and said {words[:40]!r}")


@contextlib.contextmanager
def forbidden_listeners(*more: tuple[str, int], loopback: bool) -> Iterator[ForbiddenListeners]:
    """Listen on all addresses of this machine and common ports, and on these addresses.

    ``loopback``: on the loopback addresses too, which are no targets of a stack that may call them.
    """
    listeners = ForbiddenListeners()
    try:
        for address in (*(LOOPBACK if loopback else ()), *own_addresses()):
            for port in PORTS:
                listeners.listen(address, port)
        for more_address in more:
            listeners.listen(*more_address)
        yield listeners
        time.sleep(2 * FIRST_WORDS_SECONDS)
    finally:
        listeners.close()


def own_addresses() -> list[str]:
    """List this machine's addresses that are neither loopback nor bound to one link."""
    try:
        shown = subprocess.run(
            ["ip", "-json", "address"], capture_output=True, check=True, timeout=600
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return []
    found = [one["local"] for link in json.loads(shown) for one in link.get("addr_info", [])]
    addresses = map(ipaddress.ip_address, found)
    return [str(one) for one in addresses if not (one.is_loopback or one.is_link_local)]
