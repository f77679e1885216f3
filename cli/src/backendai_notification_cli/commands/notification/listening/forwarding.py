"""Post recorded messages again to a receiver under development, signed with a secret of the listener's."""

import ipaddress
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import click

from backendai_notification_cli.commands.notification.signature.signature_check import signed_headers
from backendai_notification_cli.errors import CliError, Unreachable
from backendai_notification_cli.http.api import USER_AGENT
from backendai_notification_cli.http.transport import Transport
from backendai_notification_cli.terminal.polling import POLL_SECONDS

TIMEOUT_SECONDS = 30
DEFAULT_TYPE = "application/json"


def checked_target(url: str, *, allow_external: bool) -> str:
    """Return a URL to post to.

    Raises:
        UsageError: it is none.
        CliError: it is not on this machine, and that was not allowed.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in {"http", "https"} or not url.isascii() or not url.isprintable():
        raise click.UsageError(
            f"--forward-to '{url}' is not an http or https URL, like http://localhost:3000/hook."
        )
    if not allow_external and not _is_loopback(host):
        raise CliError(
            f"--forward-to '{url}' is not on this machine: messages are recorded data, which would leave it",
            "Give --allow-external to post them there all the same.",
        )
    return url


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Forwarder:
    """Posts messages to one URL, and waits for it while it is down."""

    def __init__(self, url: str, secret: str) -> None:
        self._url = url
        self._secret = secret
        self._transport = Transport(url, TIMEOUT_SECONDS)

    def post(self, delivery: Mapping[str, Any]) -> str:
        """Post a delivery's message; return what the receiver answered, in words."""
        body = str(delivery.get("message")).encode()
        told = False
        while True:
            headers = {
                "Content-Type": _content_type(delivery),
                "User-Agent": USER_AGENT,
                **signed_headers(self._secret, str(delivery.get("id")), int(time.time()), body),
            }
            begun = time.monotonic()
            try:
                response = self._transport.send("POST", self._url, headers, body)
            except Unreachable as error:
                if not told:
                    CliError(error.message, "Trying again until it answers.").show()
                told = True
                time.sleep(POLL_SECONDS)
                continue
            return f"{response.status} in {round(1000 * (time.monotonic() - begun))} ms"


def _content_type(delivery: Mapping[str, Any]) -> str:
    for attempt in delivery.get("attempts") or ():
        for name, value in (attempt.get("headers") or {}).items():
            if name.lower() == "content-type":
                return str(value)
    return DEFAULT_TYPE
