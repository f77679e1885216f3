"""One email on a libcurl handle, and the mail server's reply to each recipient."""

import io
import socket
from contextlib import suppress

import pycurl

from notifications.core.delivery import EmailRequest, ErrorClass, Failure, Outcome
from notifications.core.smtp import Dialogue
from notifications.outbound.resolver import Route

RCPT_ALLOWFAILS = 290
"""CURLOPT_MAIL_RCPT_ALLOWFAILS, which pycurl does not name: one recipient's refusal does not stop the others.

Source: https://curl.se/libcurl/c/CURLOPT_MAIL_RCPT_ALLOWFAILS.html
"""

SHUTTING_DOWN = b"shutting down connection"
"""What libcurl 8 tells a debug function before it sends QUIT, which it does not show."""


class Emailing:
    """The options and callbacks of one email in flight."""

    def __init__(self, curl: pycurl.Curl, email: EmailRequest, route: Route) -> None:
        self._email = email
        self._body = io.BytesIO(email.body)
        self._dialogue = Dialogue(email.credentials)
        self._without_login = False
        self._sockets: list[socket.socket] = []
        scheme = "smtps" if email.tls == "implicit" else "smtp"
        curl.setopt(pycurl.URL, f"{scheme}://{route.target.host.in_url}:{email.port}")
        curl.setopt(pycurl.PROTOCOLS, pycurl.PROTO_SMTP | pycurl.PROTO_SMTPS)
        curl.setopt(pycurl.USE_SSL, pycurl.USESSL_NONE if email.tls == "none" else pycurl.USESSL_ALL)
        if email.credentials:
            curl.setopt(pycurl.USERNAME, email.credentials[0].encode())
            curl.setopt(pycurl.PASSWORD, email.credentials[1].encode())
        curl.setopt(pycurl.MAIL_FROM, f"<{email.sender}>")
        curl.setopt(pycurl.MAIL_RCPT, [f"<{recipient}>" for recipient in email.recipients])
        curl.setopt(RCPT_ALLOWFAILS, True)
        curl.setopt(pycurl.UPLOAD, True)
        curl.setopt(pycurl.READFUNCTION, self._read)
        curl.setopt(pycurl.INFILESIZE_LARGE, len(email.body))
        # A connection that is closed after the email says QUIT. One that is kept would time out at the
        # server, because Lambda freezes the process between invocations.
        curl.setopt(pycurl.FORBID_REUSE, True)
        # Only the debug function sees the replies to single recipients.
        curl.setopt(pycurl.VERBOSE, True)
        curl.setopt(pycurl.DEBUGFUNCTION, self._hear)

    def opened(self, new: socket.socket) -> None:
        """Keep a socket of this email, so that its end can be read at once after QUIT."""
        self._sockets.append(new)

    def outcome(self, seconds: float, problem: str | None, error_class: ErrorClass) -> Outcome:
        """Return the outcome. ``problem``: libcurl's reason for a failure, None if it succeeded."""
        if self._without_login:
            return Failure(
                "smtp_permanent", "The mail server offers no login that this service knows", seconds
            )
        return self._dialogue.outcome(seconds, problem, error_class)

    def _hear(self, kind: int, data: bytes) -> None:
        if kind == pycurl.INFOTYPE_HEADER_OUT:
            for line in data.splitlines():  # several commands may go out at once
                self._dialogue.sent(line)
        elif kind == pycurl.INFOTYPE_HEADER_IN:
            self._dialogue.received(data)
        elif kind == pycurl.INFOTYPE_TEXT and data.startswith(SHUTTING_DOWN):
            self._hang_up()

    def _hang_up(self) -> None:
        # libcurl waits up to a second for the reply to QUIT, and blocks every other exchange meanwhile. With
        # the reading side shut down it reads the end of the connection at once; QUIT still goes out.
        for one in self._sockets:
            with suppress(OSError):  # the loser of the race between IPv6 and IPv4 was never connected
                one.shutdown(socket.SHUT_RD)

    def _read(self, size: int) -> bytes | int:
        # If the server offers no login that libcurl knows, libcurl sends the email without one. Whoever gave
        # credentials wants the email to be sent under that account or not at all.
        if self._email.credentials and not self._dialogue.authenticated:
            self._without_login = True
            return int(pycurl.READFUNC_ABORT)
        return self._body.read(size)
