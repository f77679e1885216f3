"""A DNS server on a loopback port, and a look-up that asks it, both over real sockets (RFC 1035)."""

import socket
import struct
from collections.abc import Sequence
from threading import Thread
from types import TracebackType
from typing import Self

HEADER = struct.Struct("!6H")
RECORD = struct.Struct("!HHHIH")
A, IN, QUERY, ANSWER = 1, 1, 0x0100, 0x8180
NAME_POINTER = 0xC00C
"""Stands for the name of the question."""

TTL = 0
"""Seconds: whoever asks again is to ask the server again."""


class NameServer:
    """Answers each question for an IPv4 address with the next of ``answers``, the last one over and over."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.asked: list[str] = []
        self._answers = answers
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._thread = Thread(target=self._serve, daemon=True)

    def look_up(self, host: str) -> list[str]:
        """Ask the server for the addresses of a host."""
        labels = b"".join(bytes([len(label)]) + label.encode() for label in host.split("."))
        question = labels + b"\0" + struct.pack("!2H", A, IN)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            asking.settimeout(5)
            asking.sendto(HEADER.pack(1, QUERY, 1, 0, 0, 0) + question, self._socket.getsockname())
            reply = asking.recv(512)
        count = HEADER.unpack_from(reply)[3]
        offset = HEADER.size + len(question)
        size = RECORD.size + 4
        return [
            socket.inet_ntoa(reply[offset + size * (number + 1) - 4 : offset + size * (number + 1)])
            for number in range(count)
        ]

    def _serve(self) -> None:
        while True:
            message, sender = self._socket.recvfrom(512)
            if not message:
                return
            end = message.index(b"\0", HEADER.size)
            self.asked.append(_name(message[HEADER.size : end]))
            answers = self._answers[min(len(self.asked), len(self._answers)) - 1]
            question = message[HEADER.size : end + 1 + 4]
            records = b"".join(
                RECORD.pack(NAME_POINTER, A, IN, TTL, 4) + socket.inet_aton(address) for address in answers
            )
            head = HEADER.pack(HEADER.unpack_from(message)[0], ANSWER, 1, len(answers), 0, 0)
            self._socket.sendto(head + question + records, sender)

    def __enter__(self) -> Self:
        """Start answering."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop: an empty message ends it."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ending:
            ending.sendto(b"", self._socket.getsockname())
        self._thread.join(60)
        self._socket.close()


def _name(labels: bytes) -> str:
    parts = []
    while labels:
        parts.append(labels[1 : labels[0] + 1].decode())
        labels = labels[labels[0] + 1 :]
    return ".".join(parts)
