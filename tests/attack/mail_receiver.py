"""A mail server that behaves as badly as it is told."""

import contextlib
import socket
import ssl
import threading
from io import BufferedReader

BACKLOG = 256
HANG_SECONDS = 600.0
"""How long it hangs at most: longer than any sender waits."""


class MailReceiver:
    """Takes mail in the clear, with a thread for each connection.

    ``mode`` says how; ``heard``: all lines that were said to it.
    """

    def __init__(self, address: str, port: int) -> None:
        self.mode = "good"
        self.heard: list[str] = []
        self.mails: list[str] = []
        self.context: ssl.SSLContext | None = None
        self._ended = threading.Event()
        self._listener = socket.create_server((address, port), backlog=BACKLOG)
        self.address, self.port = self._listener.getsockname()[:2]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """End whatever goes on."""
        self._ended.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while not self._ended.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError, ssl.SSLError), connection:
            connection.settimeout(30)
            if self.mode == "hang":
                self._ended.wait(HANG_SECONDS)
            while self.mode == "endless" and not self._ended.is_set():
                connection.sendall(b"220-more\r\n" * 1000)
            connection.sendall(b"\x00\xff garbage\r\n" if self.mode == "garbage" else b"220 hello\r\n")
            self._talk(connection)

    def _talk(self, connection: socket.socket) -> None:
        with connection.makefile("rb") as lines:
            must_secure = self._listen(connection, lines)
        if must_secure and self.context:
            with (
                self.context.wrap_socket(connection, server_side=True) as stream,
                stream.makefile("rb") as lines,
            ):
                self._listen(stream, lines)

    def _listen(self, stream: socket.socket, lines: BufferedReader) -> bool:
        """Response until the end; tell whether TLS is to begin."""
        while line := lines.readline():
            said = line.decode("latin-1").strip()
            self.heard.append(said)
            match said[:4].upper():
                case "EHLO":
                    offers = b"250-STARTTLS\r\n" if self.context else b""
                    stream.sendall(b"250-me\r\n" + offers + b"250 AUTH PLAIN LOGIN\r\n")
                case "STAR":
                    stream.sendall(b"220 go\r\n" if self.context else b"502 no\r\n")
                    if self.context:
                        return True
                case "AUTH":
                    stream.sendall(b"235 in\r\n")
                case "DATA":
                    stream.sendall(b"354 go on\r\n")
                    stream.sendall(self._take(lines))
                case "QUIT":
                    stream.sendall(b"221 bye\r\n")
                    return False
                case _:
                    stream.sendall(b"250 ok\r\n")
        return False

    def _take(self, lines: BufferedReader) -> bytes:
        mail = b""
        while (part := lines.readline()) not in {b".\r\n", b""}:
            mail += part
        self.mails.append(mail.decode("latin-1"))
        return f"554 no: {' '.join(self.heard)[:400]}\r\n".encode() if self.mode == "echo" else b"250 ok\r\n"
