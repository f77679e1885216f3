"""Webhooks over libcurl's multi interface: hundreds in flight in one thread, each bounded in total time.

libcurl follows no redirect, uses no proxy of the environment and speaks only http(s) here.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import certifi
import pycurl

from notifications.core.delivery import (
    ErrorClass,
    Outcome,
    WebhookFailure,
    WebhookRequest,
    WebhookResponse,
)

MAX_IN_FLIGHT = 256
CONNECT_TIMEOUT_SECONDS = 10.0
"""A connection that is not there by then will not come; the total limit may end it sooner."""

EXCERPT_BYTES = 8 * 1024
"""How much of an answer is kept. The rest is not read: the exchange ends there."""

_ERROR_CLASSES: dict[int, ErrorClass] = {
    pycurl.E_COULDNT_RESOLVE_HOST: "dns",
    pycurl.E_COULDNT_CONNECT: "connect",
    pycurl.E_OPERATION_TIMEDOUT: "timeout",
    pycurl.E_SSL_CONNECT_ERROR: "tls",
    pycurl.E_PEER_FAILED_VERIFICATION: "tls",
    pycurl.E_SSL_CERTPROBLEM: "tls",
    pycurl.E_SSL_CIPHER: "tls",
}


class WebhookSender:
    """Send webhooks; connections are kept between calls."""

    def __init__(self, max_in_flight: int = MAX_IN_FLIGHT) -> None:
        self._multi = pycurl.CurlMulti()
        self._idle = [pycurl.Curl() for _ in range(max_in_flight)]

    def send(self, request: WebhookRequest) -> Outcome:
        """Send one webhook and wait for its outcome."""
        return next(outcome for _, outcome in self.send_all([request]))

    def send_all(self, requests: Iterable[WebhookRequest]) -> Iterator[tuple[int, Outcome]]:
        """Send all at once, as many at a time as ``max_in_flight``.

        Yields (position in ``requests``, outcome) in the order in which they end.
        """
        waiting = enumerate(requests)
        exhausted = False
        in_flight: dict[pycurl.Curl, tuple[int, _Answer]] = {}
        try:
            while True:
                while self._idle and not exhausted:
                    position, request = next(waiting, (-1, None))
                    if request is None:
                        exhausted = True
                        break
                    curl = self._idle.pop()
                    in_flight[curl] = (position, _prepare(curl, request))
                    self._multi.add_handle(curl)
                if not in_flight:
                    return
                self._multi.perform()
                ended = self._ended()
                if not ended:
                    self._multi.select(1.0)
                for curl, code, message in ended:
                    position, answer = in_flight.pop(curl)
                    outcome = _outcome(curl, code, message, answer)
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


class _Answer:
    """Collects the beginning of an answer's body."""

    def __init__(self) -> None:
        self.body = bytearray()
        self.cut = False

    def write(self, data: bytes) -> int:
        room = EXCERPT_BYTES - len(self.body)
        self.body += data[:room]
        if len(data) > room:
            self.cut = True
            return 0  # tells libcurl to end the exchange
        return len(data)


def _prepare(curl: pycurl.Curl, request: WebhookRequest) -> _Answer:
    answer = _Answer()
    options: dict[int, Any] = {
        pycurl.URL: request.url.encode(),
        pycurl.PROTOCOLS: pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS,
        pycurl.FOLLOWLOCATION: False,
        pycurl.PROXY: "",
        pycurl.NOSIGNAL: True,
        pycurl.CAINFO: certifi.where(),
        pycurl.TIMEOUT_MS: round(request.timeout * 1000),
        pycurl.CONNECTTIMEOUT_MS: round(CONNECT_TIMEOUT_SECONDS * 1000),
        pycurl.CUSTOMREQUEST: request.method,
        pycurl.POSTFIELDS: request.body,
        pycurl.HTTPHEADER: [
            *(f"{name}: {value}".encode() for name, value in request.headers),
            b"Accept: */*",
            b"Expect:",
        ],
        pycurl.WRITEFUNCTION: answer.write,
    }
    for option, value in options.items():
        curl.setopt(option, value)
    return answer


def _outcome(curl: pycurl.Curl, code: int, message: str, answer: _Answer) -> Outcome:
    seconds = curl.getinfo(pycurl.TOTAL_TIME)
    status = curl.getinfo(pycurl.RESPONSE_CODE)
    if code == 0 or (answer.cut and code == pycurl.E_WRITE_ERROR):
        return WebhookResponse(status, bytes(answer.body), seconds)
    return WebhookFailure(_ERROR_CLASSES.get(code, "protocol"), message, seconds)
