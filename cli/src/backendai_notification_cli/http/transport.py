"""One HTTP exchange, without redirects. Every failure becomes one clear line."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse, RemoteDisconnected
from typing import TYPE_CHECKING, cast
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import HTTPHandler, HTTPSHandler, OpenerDirector, ProxyHandler, Request

from backendai_notification_cli.errors import Unreachable

if TYPE_CHECKING:
    from backendai_notification_cli.http.debug import Trace

# API Gateway gives up after 29 s, and then its own response is the better message.
TIMEOUT_SECONDS = 35
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Response:
    """A response with any status: redirects are not followed."""

    status: int
    content_type: str
    body: bytes


class Transport:
    """Send requests to one endpoint, through the environment's proxies if it names any.

    `source`: where the endpoint comes from, for errors. `trace`: told of each request.
    """

    def __init__(
        self,
        endpoint: str,
        timeout: float = TIMEOUT_SECONDS,
        source: str = "",
        trace: "Trace | None" = None,
    ) -> None:
        self._endpoint = endpoint
        self._source = source
        self._trace = trace
        self._timeout = timeout
        # Only these handlers: urllib's default opener would follow redirects and raise on 4xx.
        self._opener = OpenerDirector()
        # A service on this machine is called directly, whatever proxy the environment names.
        self._opener.add_handler(ProxyHandler({} if urlsplit(endpoint).hostname in LOOPBACK else None))
        self._opener.add_handler(HTTPHandler())
        if endpoint.startswith("https:"):
            self._opener.add_handler(HTTPSHandler(context=_trust()))

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Response:
        """Send one request and read the whole response."""
        request = Request(url, data=body, headers=dict(headers), method=method)  # noqa: S310 - settings allow http(s)
        if self._trace is not None:
            self._trace.asked(method, url, headers, body)
        try:
            with cast(HTTPResponse, self._opener.open(request, timeout=self._timeout)) as response:
                content = response.read()
        except (OSError, HTTPException, ValueError) as error:
            fault = self._explain(error)
            if self._trace is not None:
                self._trace.failed(fault)
            told = f"Cannot reach {self._endpoint}: {fault}"
            raise Unreachable(
                told, *([f"The endpoint comes from {self._source}."] if self._source else [])
            ) from None
        if self._trace is not None:
            self._trace.answered(response.status, dict(response.headers.items()), content)
        return Response(response.status, response.headers.get("Content-Type", ""), content)

    def _explain(self, error: Exception) -> str:
        reason = error.reason if isinstance(error, URLError) else error
        match reason:
            case ConnectionRefusedError():
                fault = "the connection was refused; is the service up?"
            case TimeoutError():
                fault = f"no response within {self._timeout:g} seconds"
            case ssl.SSLCertVerificationError():
                fault = f"its TLS certificate is refused ({reason.verify_message})"
            case ssl.SSLError():
                fault = f"TLS failed ({reason.reason or 'no details'})"
            case RemoteDisconnected() | ConnectionResetError():
                fault = "it closed the connection without a response"
            case HTTPException():
                fault = "its response is not HTTP or was cut off"
            case OSError():
                fault = str(reason.strerror or reason)
            case _:
                fault = f"the request cannot be sent ({reason})"
        return fault


def _trust() -> ssl.SSLContext:
    """Trust the system's certificate authorities, or certifi's if Python finds no system store."""
    paths = ssl.get_default_verify_paths()
    if paths.cafile or paths.capath:
        return ssl.create_default_context()
    import certifi

    return ssl.create_default_context(cafile=certifi.where())
