"""One signed request to the manager, bounded in time and size."""

import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests
from urllib3.exceptions import HTTPError

from backendai_notification_bridge.core.errors import ManagerUnavailable
from backendai_notification_bridge.manager.signing import signed_headers

MAX_RESPONSE_BYTES = 16 * 1024 * 1024
MAX_TOLD_CHARS = 200
CHUNK_BYTES = 64 * 1024


class Api:
    """The manager's API. ``keypair``: access and secret key. ``seconds``: the limit of one request."""

    def __init__(
        self, endpoint: str, keypair: tuple[str, str], seconds: float, ca_file: Path | None = None
    ) -> None:
        self._endpoint = endpoint.rstrip("/")
        self._keypair = keypair
        self._seconds = seconds
        self._http = requests.Session()
        self._http.trust_env = False  # the cluster's own API needs no proxy and no .netrc
        if ca_file:
            self._http.verify = str(ca_file)

    def post(self, path: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Post a document and return the response's document.

        Raises:
            ManagerUnavailable: no response within the time, no success, or no JSON object.
        """
        url = self._endpoint + path
        headers = signed_headers(self._keypair, "POST", url, datetime.now(UTC))
        until = time.monotonic() + self._seconds
        try:
            with self._http.post(
                url, json=body, headers=headers, timeout=self._seconds, allow_redirects=False, stream=True
            ) as response:
                text = _read(response, until)
                status = response.status_code
        except (OSError, HTTPError) as error:  # OSError: also a CA file that is gone
            raise ManagerUnavailable(f"the manager does not answer: {type(error).__name__}") from error
        document = _object(text)
        if (
            status != requests.codes.ok and "errors" not in document
        ):  # GraphQL's own errors come with 200 or 400
            title = str(document.get("title", ""))[:MAX_TOLD_CHARS]
            raise ManagerUnavailable(f"the manager answers {status} {title}".rstrip())
        return document


def _read(response: requests.Response, until: float) -> bytes:
    """Read a response's body within the limits: it may come drop by drop, or without end."""
    text = bytearray()
    while chunk := response.raw.read1(
        CHUNK_BYTES, decode_content=True
    ):  # returns what is there, without waiting for more
        text += chunk
        if len(text) > MAX_RESPONSE_BYTES:
            raise ManagerUnavailable(f"the manager's response is larger than {MAX_RESPONSE_BYTES} bytes")
        if time.monotonic() > until:
            raise ManagerUnavailable("the manager's response takes too long")
    return bytes(text)


def _object(text: bytes) -> Mapping[str, Any]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        document = None
    return document if isinstance(document, dict) else {}
