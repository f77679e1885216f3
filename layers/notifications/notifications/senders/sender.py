"""Webhooks and mail over libcurl's multi interface: hundreds in flight in one thread.

Each exchange is bounded in total time. libcurl follows no redirect and uses no proxy of the environment.
"""

import io
import math
import time
from collections.abc import Callable, Iterable, Iterator

import certifi
import pycurl

from notifications.core.delivery import (
    SMTP_PERMANENT,
    ErrorClass,
    Failure,
    Mail,
    Outcome,
    Request,
    Response,
    WebhookRequest,
)

MAX_IN_FLIGHT = 256
CONNECT_TIMEOUT_SECONDS = 10.0
"""A connection that is not there by then will not come; the total limit may end it sooner."""

EXCERPT_BYTES = 8 * 1024
"""How much of an answer is kept. The rest is not read: the exchange ends there."""

IDLE_SECONDS = 0.5
SMTP_REFUSAL = 400

E_TOO_LARGE = 100
"""CURLE_TOO_LARGE, which pycurl does not name: an answer whose headers have no end.

Source: https://curl.se/libcurl/c/libcurl-errors.html
"""

_ERROR_CLASSES: dict[int, ErrorClass] = {
    pycurl.E_COULDNT_RESOLVE_HOST: "dns",
    pycurl.E_COULDNT_CONNECT: "connect",
    pycurl.E_OPERATION_TIMEDOUT: "timeout",
    pycurl.E_SSL_CONNECT_ERROR: "tls",
    pycurl.E_PEER_FAILED_VERIFICATION: "tls",
    pycurl.E_SSL_CERTPROBLEM: "tls",
    pycurl.E_SSL_CIPHER: "tls",
    pycurl.E_USE_SSL_FAILED: "tls",
    E_TOO_LARGE: "too_large",
}


class Sender:
    """Send webhooks and mail; connections are kept between calls.

    ``ca_file`` holds the authorities whose certificates are trusted, as PEM.
    """

    def __init__(self, max_in_flight: int = MAX_IN_FLIGHT, ca_file: str | None = None) -> None:
        self._multi = pycurl.CurlMulti()
        self._idle = [pycurl.Curl() for _ in range(max_in_flight)]
        self._ca_file = ca_file or certifi.where()

    def send(self, request: Request) -> Outcome:
        """Send one request and wait for its outcome."""
        return next(outcome for _, outcome in self.send_all([request]))

    def send_all(
        self, requests: Iterable[Request], idle: Callable[[], None] = lambda: None
    ) -> Iterator[tuple[int, Outcome]]:
        """Send all at once, as many at a time as ``max_in_flight``.

        Yields (position in ``requests``, outcome) in the order in which they end. ``idle`` is called when
        none has ended for ``IDLE_SECONDS``: then there is time for other work.
        """
        waiting = enumerate(requests)
        exhausted = False
        quiet_since = time.monotonic()
        in_flight: dict[pycurl.Curl, tuple[int, _Exchange]] = {}
        try:
            while True:
                while self._idle and not exhausted:
                    position, request = next(waiting, (-1, None))
                    if request is None:
                        exhausted = True
                        break
                    curl = self._idle.pop()
                    try:
                        in_flight[curl] = (position, _Exchange(curl, request, self._ca_file))
                    except (pycurl.error, ValueError) as error:  # it must not keep the others from theirs
                        curl.reset()
                        self._idle.append(curl)
                        yield position, Failure("invalid", f"The request can not be made: {error}", 0.0)
                        continue
                    self._multi.add_handle(curl)
                if not in_flight:
                    return
                self._multi.perform()
                ended = self._ended()
                if not ended:
                    self._multi.select(IDLE_SECONDS)
                    if time.monotonic() - quiet_since >= IDLE_SECONDS:
                        idle()
                        quiet_since = time.monotonic()
                for curl, code, message in ended:
                    quiet_since = time.monotonic()
                    position, exchange = in_flight.pop(curl)
                    outcome = exchange.outcome(code, message)
                    self._release(curl)
                    yield position, outcome
        finally:  # the caller may stop early
            for curl in in_flight:
                self._release(curl)

    def _ended(self) -> list[tuple[pycurl.Curl, int, str]]:
        _, good, bad = self._multi.info_read()
        return [(curl, 0, "") for curl in good] + list(bad)

    def _release(self, curl: pycurl.Curl) -> None:
        self._multi.remove_handle(curl)
        curl.reset()
        self._idle.append(curl)


class _Exchange:
    """One request on a handle, with the beginning of its answer."""

    def __init__(self, curl: pycurl.Curl, request: Request, ca_file: str) -> None:
        self._curl = curl
        self._request = request
        self._body = bytearray()
        self._cut = False
        curl.setopt(pycurl.FOLLOWLOCATION, False)
        curl.setopt(pycurl.PROXY, "")
        curl.setopt(pycurl.NOSIGNAL, True)
        curl.setopt(pycurl.CAINFO, ca_file)
        curl.setopt(pycurl.TIMEOUT_MS, _milliseconds(request.timeout))
        curl.setopt(pycurl.CONNECTTIMEOUT_MS, _milliseconds(CONNECT_TIMEOUT_SECONDS))
        curl.setopt(pycurl.WRITEFUNCTION, self._write)
        if isinstance(request, Mail):
            _prepare_mail(curl, request)
        else:
            _prepare_webhook(curl, request)

    def outcome(self, code: int, message: str) -> Outcome:
        """Tell what came of it. ``code``: libcurl's, 0 for success."""
        seconds = self._curl.getinfo(pycurl.TOTAL_TIME)
        status = self._curl.getinfo(pycurl.RESPONSE_CODE)
        if code == 0 or (self._cut and code == pycurl.E_WRITE_ERROR):
            retry_after = self._curl.getinfo(pycurl.RETRY_AFTER)
            return Response(status, bytes(self._body), seconds, self._cut, retry_after or None)
        if isinstance(self._request, Mail) and status >= SMTP_REFUSAL:
            error_class: ErrorClass = "smtp_permanent" if status >= SMTP_PERMANENT else "smtp_temporary"
            told = f"The mail server answered with status {status}"
            return Failure(error_class, told, seconds, status)
        return Failure(_ERROR_CLASSES.get(code, "protocol"), message, seconds)

    def _write(self, data: bytes) -> int:
        room = EXCERPT_BYTES - len(self._body)
        self._body += data[:room]
        if len(data) <= room:
            return len(data)
        self._cut = True
        return 0  # tells libcurl to end the exchange


def _milliseconds(seconds: float) -> int:
    return max(1, math.ceil(seconds * 1000))  # 0 would mean: no limit


def _header(name: str, value: str) -> bytes:
    return (f"{name}: {value}" if value else f"{name};").encode()  # libcurl drops "name:"


def _prepare_webhook(curl: pycurl.Curl, request: WebhookRequest) -> None:
    headers = [_header(name, value) for name, value in request.headers]
    if not any(name.lower() == "accept" for name, _ in request.headers):
        headers.append(b"Accept: */*")
    curl.setopt(pycurl.URL, request.url.encode())
    curl.setopt(pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS)
    curl.setopt(pycurl.PATH_AS_IS, True)
    curl.setopt(pycurl.CUSTOMREQUEST, request.method)
    curl.setopt(pycurl.POSTFIELDS, request.body)
    curl.setopt(pycurl.HTTPHEADER, [*headers, b"Expect:"])


def _prepare_mail(curl: pycurl.Curl, mail: Mail) -> None:
    scheme = "smtps" if mail.tls == "implicit" else "smtp"
    host = f"[{mail.host}]" if ":" in mail.host else mail.host
    curl.setopt(pycurl.URL, f"{scheme}://{host}:{mail.port}")
    curl.setopt(pycurl.PROTOCOLS, pycurl.PROTO_SMTP | pycurl.PROTO_SMTPS)
    curl.setopt(pycurl.USE_SSL, pycurl.USESSL_NONE if mail.tls == "none" else pycurl.USESSL_ALL)
    if mail.credentials:
        curl.setopt(pycurl.USERNAME, mail.credentials[0].encode())
        curl.setopt(pycurl.PASSWORD, mail.credentials[1].encode())
    curl.setopt(pycurl.MAIL_FROM, f"<{mail.sender}>")
    curl.setopt(pycurl.MAIL_RCPT, [f"<{recipient}>" for recipient in mail.recipients])
    curl.setopt(pycurl.UPLOAD, True)
    curl.setopt(pycurl.READDATA, io.BytesIO(mail.body))
    curl.setopt(pycurl.INFILESIZE_LARGE, len(mail.body))
