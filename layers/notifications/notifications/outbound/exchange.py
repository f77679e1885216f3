"""One request on a handle of libcurl, with the beginning of its response.

libcurl follows no redirect, uses no proxy of the environment, and connects to no address that the policy
refuses: whatever it was told or found out, it asks here for each socket.
"""

import math
import socket
from datetime import UTC, datetime
from typing import assert_never

import pycurl

from notifications.core import responses
from notifications.core.delivery import (
    RESPONSE_BYTES,
    EmailRequest,
    ErrorClass,
    Failure,
    Outcome,
    OwnTls,
    Request,
    Response,
    WebhookRequest,
)
from notifications.core.targets import TargetPolicy
from notifications.outbound.emailing import Emailing
from notifications.outbound.resolver import EXHAUSTED, Route

CONNECT_TIMEOUT_SECONDS = 10.0
"""A connection that is not there by then will not come; the total limit may end it sooner."""

E_TOO_LARGE = 100
"""CURLE_TOO_LARGE, which pycurl does not name: a response whose headers have no end.

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


class Handle:
    """A handle of libcurl for one exchange after the other, with the options that are the same for all.

    A webhook sets every other option that a webhook has, so that nothing stays of the one before it. Email,
    and what brings certificates, has options of its own: the handle is cleared before and after it.
    """

    def __init__(self, policy: TargetPolicy, ca_file: str) -> None:
        self.curl = pycurl.Curl()
        self.policy = policy
        self._ca_file = ca_file
        self.clear()

    def clear(self) -> None:
        """Forget all of the exchanges so far; connections stay, they are the multi's."""
        curl = self.curl
        curl.reset()
        curl.setopt(pycurl.FOLLOWLOCATION, False)
        curl.setopt(pycurl.PROXY, "")
        curl.setopt(pycurl.NOSIGNAL, True)
        curl.setopt(pycurl.CAINFO, self._ca_file)
        curl.setopt(pycurl.CONNECTTIMEOUT_MS, _milliseconds(CONNECT_TIMEOUT_SECONDS))
        curl.setopt(pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS)
        curl.setopt(pycurl.PATH_AS_IS, True)


class Exchange:
    """One request under way. ``timeout``: seconds that it has, of which ``spent`` are gone."""

    def __init__(
        self, handle: Handle, request: Request, route: Route, timeout: float, spent: float = 0.0
    ) -> None:
        self._handle = handle
        curl = handle.curl
        self._request = request
        self._spent = spent
        self._refused = ""
        self._own_fault = ""
        self._head: list[bytes] = []
        self._body = bytearray()
        self._cut = False
        self._emailing = None
        if self._is_special:
            handle.clear()
        match request:
            case EmailRequest():
                self._emailing = Emailing(curl, request, route)
            case WebhookRequest():
                _prepare_webhook(curl, request, route)
                curl.setopt(pycurl.HEADERFUNCTION, self._head.append)
            case _:
                assert_never(request)
        if request.own_tls is not None:
            _set_tls(curl, request.own_tls)
        curl.setopt(pycurl.TIMEOUT_MS, _milliseconds(timeout - spent))
        curl.setopt(pycurl.WRITEFUNCTION, self._write)
        curl.setopt(pycurl.OPENSOCKETFUNCTION, self._open)
        if route.addresses:
            curl.setopt(pycurl.RESOLVE, [route.addresses])
        else:
            curl.unsetopt(pycurl.RESOLVE)

    def end(self) -> None:
        """Leave the handle as the next exchange must find it."""
        if self._is_special:
            self._handle.clear()

    @property
    def _is_special(self) -> bool:
        """Tell whether the exchange sets options that others do not."""
        return isinstance(self._request, EmailRequest) or self._request.own_tls is not None

    def outcome(self, code: int, message: str) -> Outcome:
        """Tell what came of it. ``code``: libcurl's, 0 for success."""
        curl = self._handle.curl
        seconds = self._spent + curl.getinfo(pycurl.TOTAL_TIME)
        status = curl.getinfo(pycurl.RESPONSE_CODE)
        if self._refused:
            reason = f"The address {self._refused} is one that this service does not connect to"
            return Failure("refused_address", reason, seconds)
        if self._own_fault:
            return Failure("own", f"No connection can be opened here: {self._own_fault}", seconds)
        if self._emailing is not None:
            return self._emailing.outcome(
                seconds, message if code else None, _ERROR_CLASSES.get(code, "protocol")
            )
        if code == 0 or responses.are_whole(self._head):
            return self._response(status, seconds, is_whole=code == 0)
        return Failure(_ERROR_CLASSES.get(code, "protocol"), message, seconds)

    def _response(self, status: int, seconds: float, *, is_whole: bool) -> Response:
        """Tell what was answered. Status and headers decide: the body may stall, break off or never end."""
        found = responses.headers(self._head)
        body, cut = responses.text_of(bytes(self._body), found, RESPONSE_BYTES)
        retry_after = responses.retry_after(status, found, body, datetime.now(UTC))
        return Response(status, body, seconds, cut or self._cut or not is_whole, retry_after)

    def _open(self, _purpose: int, address: tuple[int, int, int, tuple[str, int]]) -> socket.socket | int:
        family, kind, protocol, (host, *_) = address
        if not self._handle.policy.takes_address(host):
            self._refused = host
            return pycurl.SOCKET_BAD
        try:
            opened = _Socket(family, kind, protocol)
        except OSError as error:  # an exception here would be printed, and tell nothing
            if error.errno in EXHAUSTED:
                self._own_fault = str(error)
            return int(pycurl.SOCKET_BAD)
        if self._emailing is not None:
            self._emailing.opened(opened.dup())
        return opened

    def _write(self, data: bytes) -> int:
        room = RESPONSE_BYTES - len(self._body)
        self._body += data[:room]
        if len(data) <= room:
            return len(data)
        self._cut = True
        return 0  # tells libcurl to end the exchange


class _Socket(socket.socket):
    """A socket that is closed once libcurl has taken its own copy, and nobody holds it any more."""

    def __del__(self) -> None:
        self.close()


def _milliseconds(seconds: float) -> int:
    return max(1, math.ceil(seconds * 1000))  # 0 would mean: no limit


def _prepare_webhook(curl: pycurl.Curl, request: WebhookRequest, route: Route) -> None:
    # libcurl drops "name:"; what has no value is written "name;"
    headers = [(f"{name}: {value}" if value else f"{name};").encode() for name, value in request.headers]
    if not any(name.lower() == "accept" for name, _ in request.headers):
        headers.append(b"Accept: */*")
    curl.setopt(pycurl.URL, route.target.url.encode())
    curl.setopt(pycurl.CUSTOMREQUEST, request.method)
    curl.setopt(pycurl.POSTFIELDS, request.body)
    curl.setopt(pycurl.HTTPHEADER, [*headers, b"Expect:"])


def _set_tls(curl: pycurl.Curl, own: OwnTls) -> None:
    if own.ca_bundle:
        curl.setopt(pycurl.CAINFO_BLOB, own.ca_bundle.encode())
    if own.certificate and own.key:
        curl.setopt(pycurl.SSLCERTTYPE, "PEM")
        curl.setopt(pycurl.SSLCERT_BLOB, own.certificate.encode())
        curl.setopt(pycurl.SSLKEY_BLOB, own.key.encode())
