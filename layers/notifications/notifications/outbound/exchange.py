"""Requests on a libcurl handle, one at a time, and the beginnings of their responses.

libcurl follows no redirect and uses no proxy of the environment. It asks this module for every socket, so it
never connects to an address that the policy refuses, whatever the source of the address.
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
"""How long a connection may take; the limit of the whole exchange may end it sooner."""

E_TOO_LARGE = 100
"""CURLE_TOO_LARGE, which pycurl does not name: the headers of a response never end.

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
    """A libcurl handle, which makes one exchange after another.

    Each webhook sets every option that differs between webhooks, so nothing of the previous one remains. An
    email, or a channel with its own certificates, sets options that others do not, so the handle is cleared
    before and after it. The callbacks are set once, because setting them takes 1.3 µs.
    """

    def __init__(self, policy: TargetPolicy, ca_file: str) -> None:
        self.curl = pycurl.Curl()
        self._policy = policy
        self._ca_file = ca_file
        self._spent = 0.0
        self._refused = ""
        self._own_fault = ""
        self._head: list[bytes] = []
        self._body = bytearray()
        self._cut = False
        self._emailing: Emailing | None = None
        self._is_special = False
        """Whether the present exchange sets options that others do not."""
        self.clear()

    def clear(self) -> None:
        """Reset all options. Connections stay open, because they belong to the multi handle."""
        curl = self.curl
        curl.reset()
        curl.setopt(pycurl.FOLLOWLOCATION, False)
        curl.setopt(pycurl.PROXY, "")
        curl.setopt(pycurl.NOSIGNAL, True)
        curl.setopt(pycurl.CAINFO, self._ca_file)
        curl.setopt(pycurl.CONNECTTIMEOUT_MS, _milliseconds(CONNECT_TIMEOUT_SECONDS))
        curl.setopt(pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS)
        curl.setopt(pycurl.PATH_AS_IS, True)
        curl.setopt(pycurl.HEADERFUNCTION, self._head.append)
        curl.setopt(pycurl.WRITEFUNCTION, self._write)
        curl.setopt(pycurl.OPENSOCKETFUNCTION, self._open)

    def prepare(self, request: Request, route: Route, timeout: float, spent: float = 0.0) -> None:
        """Set what one exchange needs. ``timeout``: its limit in seconds, of which ``spent`` have passed.

        Raises:
            pycurl.error, ValueError: libcurl cannot send this request.
        """
        curl = self.curl
        self._spent = spent
        self._refused = self._own_fault = ""
        self._head.clear()
        self._body.clear()
        self._cut = False
        self._emailing = None
        self._is_special = isinstance(request, EmailRequest) or request.own_tls is not None
        if self._is_special:
            self.clear()
        match request:
            case EmailRequest():
                self._emailing = Emailing(curl, request, route)
                curl.setopt(pycurl.HEADERFUNCTION, lambda _: None)  # its debug function hears the replies
            case WebhookRequest():
                _prepare_webhook(curl, request, route)
            case _:
                assert_never(request)
        if request.own_tls is not None:
            _set_tls(curl, request.own_tls)
        curl.setopt(pycurl.TIMEOUT_MS, _milliseconds(timeout - spent))
        if route.addresses:
            curl.setopt(pycurl.RESOLVE, [route.addresses])
        else:
            curl.unsetopt(pycurl.RESOLVE)

    def end(self) -> None:
        """Leave the handle clean for the next exchange."""
        if self._is_special:
            self.clear()

    def outcome(self, code: int, message: str) -> Outcome:
        """Return the exchange's outcome. ``code``: libcurl's result, 0 for success.

        The order matters: when this service refused an address or lacked a descriptor, ``code`` only says
        that the connection failed.
        """
        curl = self.curl
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
        # Complete status and headers are the receiver's decision, whatever happened to the body.
        if code == 0 or responses.are_whole(self._head):
            return self._response(status, seconds, is_whole=code == 0)
        return Failure(_ERROR_CLASSES.get(code, "protocol"), message, seconds)

    def _response(self, status: int, seconds: float, *, is_whole: bool) -> Response:
        """Describe the response, whose body may have stalled, broken off or been cut."""
        found = responses.headers(self._head)
        body, cut = responses.text_of(bytes(self._body), found, RESPONSE_BYTES)
        retry_after = responses.retry_after(status, found, body, datetime.now(UTC))
        return Response(status, body, seconds, cut or self._cut or not is_whole, retry_after)

    def _open(self, _purpose: int, address: tuple[int, int, int, tuple[str, int]]) -> socket.socket | int:
        family, kind, protocol, (host, *_) = address
        if not self._policy.takes_address(host):
            self._refused = host
            return pycurl.SOCKET_BAD
        try:
            opened = _Socket(family, kind, protocol)
        except OSError as error:  # pycurl would print an exception and lose it
            if error.errno in EXHAUSTED:
                self._own_fault = str(error)
            return int(pycurl.SOCKET_BAD)
        if self._emailing is not None:
            # A duplicate stays valid when libcurl closes its own descriptor.
            self._emailing.opened(opened.dup())
        return opened

    def _write(self, data: bytes) -> int:
        room = RESPONSE_BYTES - len(self._body)
        self._body += data[:room]
        if len(data) <= room:
            return len(data)
        self._cut = True
        return 0  # makes libcurl end the exchange: the receiver may send without end


class _Socket(socket.socket):
    """A socket that closes itself when nobody refers to it: libcurl works on a copy of its own."""

    def __del__(self) -> None:
        self.close()


def _milliseconds(seconds: float) -> int:
    return max(1, math.ceil(seconds * 1000))  # 0 would mean: no limit


def _prepare_webhook(curl: pycurl.Curl, request: WebhookRequest, route: Route) -> None:
    # libcurl takes "name:" as the wish to remove a header; an empty header is written "name;".
    headers = [(f"{name}: {value}" if value else f"{name};").encode() for name, value in request.headers]
    curl.setopt(pycurl.URL, route.target.url)
    curl.setopt(pycurl.CUSTOMREQUEST, request.method)
    curl.setopt(pycurl.POSTFIELDS, request.body)
    # Without "Expect: 100-continue", because many receivers ignore it and libcurl would wait a second.
    curl.setopt(pycurl.HTTPHEADER, [*headers, b"Expect:"])


def _set_tls(curl: pycurl.Curl, own: OwnTls) -> None:
    if own.ca_bundle:
        curl.setopt(pycurl.CAINFO_BLOB, own.ca_bundle.encode())
    if own.certificate and own.key:
        curl.setopt(pycurl.SSLCERTTYPE, "PEM")
        curl.setopt(pycurl.SSLCERT_BLOB, own.certificate.encode())
        curl.setopt(pycurl.SSLKEY_BLOB, own.key.encode())
