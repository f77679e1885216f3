"""Calls of AWS's JSON APIs over libcurl, which signs the requests (Signature Version 4).

To import AWS's SDK would take more CPU than the rest of a function's start, and each of its calls several
times as much as one here; docs/decisions/0015 has the figures.
"""

import io
import json
import math
import os
import time
from collections.abc import Mapping
from typing import Any

import pycurl

from notifications.awsapi.credentials import Credentials, CredentialSource
from notifications.awsapi.errors import CallFailed, NotReached, Refused
from notifications.ca_bundle import ca_file
from notifications.core.values import value
from notifications.jitter import random

CONNECT_SECONDS = 3.0
CALL_SECONDS = 10.0
"""The limit of one try of a call."""

LAST_TRY_SECONDS = 1.0
"""The limit of a try that begins when hardly any time is left."""

TRIES = 5
"""How often a call is tried. With the pauses in between, it survives a short throttling."""

MAX_PAUSE_SECONDS = 20.0
"""The limit of the random pauses between tries, which are at most 1 s at first, then 2, 4, …"""

_DONE = 200

_encode = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode
"""A call's parameters contain no cycle; to look for one would take a quarter of the encoder's time."""


@value
class _Protocol:
    """A service's protocol: the prefix of its operations' names, and its JSON version."""

    prefix: str
    json_version: str


_PROTOCOLS = {
    "dynamodb": _Protocol("DynamoDB_20120810", "1.0"),
    "events": _Protocol("AWSEvents", "1.1"),
    "kms": _Protocol("TrentService", "1.1"),
    "monitoring": _Protocol("GraniteServiceVersion20100801", "1.0"),
    "secretsmanager": _Protocol("secretsmanager", "1.1"),
    "sqs": _Protocol("AmazonSQS", "1.0"),
}
"""Source: the service models of botocore, https://github.com/boto/botocore."""


class Json(str):
    """A parameter of a call as JSON text, which the client does not encode again."""

    __slots__ = ()


class Client:
    """The API of one service. Threads may share a client; connections are kept.

    ``endpoint``: its URL, None for AWS's own in the region.
    """

    def __init__(
        self, service: str, region: str, credentials: CredentialSource, endpoint: str | None = None
    ) -> None:
        self._protocol = _PROTOCOLS[service]
        self._scope = f"aws:amz:{region}:{service}"
        self._url = endpoint or aws_endpoint(service, region)
        self._credentials = credentials
        self._idle: list[pycurl.Curl] = []
        self.give_up_at = math.inf
        """The monotonic time after which no failed call is tried again, so that none outlives its invocation.
        """

    def call(self, operation: str, *, tries: int = TRIES, **parameters: Any) -> dict[str, Any]:
        """Call one operation, named as in AWS's documentation, and return its result.

        Binary values are base64 text in both directions. ``tries``: the most tries.

        Raises:
            Refused: AWS answered with an error.
            NotReached: there was no readable response in time, or there are no credentials.
        """
        if operation == "TransactWriteItems":  # a second try of the same call then has no effect
            parameters.setdefault("ClientRequestToken", os.urandom(16).hex())
        body = _body(parameters)
        tried = 1
        while True:
            try:
                return self._try(operation, body)
            except CallFailed as error:
                # Full jitter, because many functions meet the same throttling at the same time.
                pause = random.random() * min(2 ** (tried - 1), MAX_PAUSE_SECONDS)
                if tried == tries or not error.passing or time.monotonic() + pause > self.give_up_at:
                    raise
                time.sleep(pause)
                tried += 1

    def _try(self, operation: str, body: bytes) -> dict[str, Any]:
        credentials = self._credentials.current()
        # Threads may call at the same time, so each takes a handle of its own; list.pop is atomic.
        try:
            curl = self._idle.pop()
        except IndexError:
            curl = self._handle()
        response = io.BytesIO()
        try:
            curl.setopt(pycurl.HTTPHEADER, self._headers(operation, credentials))
            curl.setopt(pycurl.USERNAME, credentials.access_key)
            curl.setopt(pycurl.PASSWORD, credentials.secret_key)
            curl.setopt(pycurl.POSTFIELDS, body)
            curl.setopt(pycurl.WRITEDATA, response)
            curl.setopt(pycurl.TIMEOUT_MS, self._milliseconds())
            curl.perform()
            status = curl.getinfo(pycurl.RESPONSE_CODE)
        except pycurl.error as error:
            raise NotReached(curl.errstr()) from error
        finally:
            self._idle.append(curl)
        return _result(status, response.getvalue())

    def _milliseconds(self) -> int:
        """Return the limit of one try in milliseconds, at least ``LAST_TRY_SECONDS``."""
        left = self.give_up_at - time.monotonic()
        return int(min(CALL_SECONDS, max(left, LAST_TRY_SECONDS)) * 1000)

    def _headers(self, operation: str, credentials: Credentials) -> list[str]:
        headers = [
            f"Content-Type: application/x-amz-json-{self._protocol.json_version}",
            f"X-Amz-Target: {self._protocol.prefix}.{operation}",
            "Expect:",
        ]
        return [*headers, f"X-Amz-Security-Token: {credentials.token}"] if credentials.token else headers

    def _handle(self) -> pycurl.Curl:
        curl = pycurl.Curl()
        curl.setopt(pycurl.URL, self._url)
        curl.setopt(pycurl.AWS_SIGV4, self._scope)
        curl.setopt(pycurl.CAINFO, ca_file())
        curl.setopt(pycurl.PROXY, "")
        curl.setopt(pycurl.NOSIGNAL, True)
        curl.setopt(pycurl.CONNECTTIMEOUT_MS, int(CONNECT_SECONDS * 1000))
        return curl


def _body(parameters: Mapping[str, Any]) -> bytes:
    texts = [
        f'"{name}":{value if type(value) is Json else _encode(value)}' for name, value in parameters.items()
    ]
    return f"{{{','.join(texts)}}}".encode()


def aws_endpoint(service: str, region: str) -> str:
    """Return the URL of a service in a region. Regions in China have a domain of their own."""
    return f"https://{service}.{region}.amazonaws.com{'.cn' if region.startswith('cn-') else ''}"


def _result(status: int, body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body) if body else {}
    except ValueError:
        document = None
    if status != _DONE:
        raise Refused(status, document if isinstance(document, dict) else {})
    if not isinstance(document, dict):
        raise NotReached("The response is not a JSON object")
    return document
