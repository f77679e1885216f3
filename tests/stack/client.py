"""Requests to the deployed API, signed as Backend.AI's clients sign them, right or wrong."""

import http.client
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from backendai_notification_cli.http.signing import Signed, signed_headers

RESPONSE_SECONDS = 60
"""How long a response is waited for: API Gateway gives up after 29 s."""

SHOWN_BYTES = 160


@dataclass(frozen=True)
class Response:
    """What the API answered. Header names are in lower case; ``seconds``: how long it took."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float

    @property
    def document(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def text(self) -> str:
        """The status and the beginning of the body, for people."""
        return f"{self.status} {self.body[:SHOWN_BYTES].decode(errors='replace')}"

    @property
    def is_problem(self) -> bool:
        """Tell whether it is a problem document."""
        if not self.headers.get("content-type", "").startswith("application/problem+json"):
            return False
        return {"type", "title", "error_code"} <= set(self.document)


class SignedClient:
    """Sends requests to the endpoint, and by default with the keypair, of settings like those of the CLI."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        endpoint = urlsplit(settings["BACKEND_ENDPOINT"])
        self.keypair = (settings["BACKEND_ACCESS_KEY"], settings["BACKEND_SECRET_KEY"])
        self.prefix, self._host = endpoint.path, endpoint.netloc

    def send(
        self,
        method: str,
        path: str,
        document: Any = None,
        *,
        body: bytes | None = None,
        content_type: str = "application/json",
        keypair: tuple[str, str] | None = None,
        late: timedelta = timedelta(),
        signed_path: str | None = None,
        headers: Mapping[str, str | None] | None = None,
    ) -> Response:
        """Send one request.

        ``late``: how long ago it was signed. ``signed_path``: the whole path to sign, if not the request's.
        ``headers`` replace those of the signature; one of None is left out.
        """
        if document is not None:
            body = json.dumps(document).encode()
        date = datetime.now(UTC) - late
        target = self.prefix + path
        signed = Signed(method, signed_path or target, date, self._host, content_type)
        sent = {**signed_headers(keypair or self.keypair, signed), **(headers or {})}
        return self._send(method, target, sent, body or b"")

    def _send(self, method: str, target: str, headers: Mapping[str, str | None], body: bytes) -> Response:
        """Send what a client library would refuse or change: any method, path and header value."""
        started = time.monotonic()
        connection = http.client.HTTPConnection(self._host, timeout=RESPONSE_SECONDS)
        try:
            connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
            for name, value in headers.items():
                if value is not None:
                    connection.putheader(name, value.encode())
            connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        found = {name.lower(): value for name, value in response.getheaders()}
        return Response(response.status, found, content, time.monotonic() - started)
