"""backend.ai notification whoami."""

from collections.abc import Iterator, Mapping
from typing import Any

import click

from backendai_notification_cli import __version__
from backendai_notification_cli.http.service import connect
from backendai_notification_cli.http.settings import Settings
from backendai_notification_cli.terminal.output import show_text

WHOAMI = "/notifications/whoami"


@click.command()
def command() -> None:
    """Show the keypair in use, what it may do, and where its settings come from."""
    api = connect()
    show_text("\n".join(_lines(api.call("GET", WHOAMI), api.settings)))


def _lines(caller: Mapping[str, Any], settings: Settings) -> Iterator[str]:
    yield f"Access key: {caller.get('access_key')}"
    yield f"Name: {caller.get('name') or ''}"
    yield f"Role: {caller.get('role')}"
    yield f"User ID: {caller.get('user_id')}"
    yield f"Expires: {caller.get('expires_at') or 'never'}"
    yield f"Endpoint: {settings.endpoint}"
    yield f"Profile: {settings.profile or ''}"
    yield f"Endpoint and access key from: {settings.source}"
    yield f"Secret key from: {settings.source}"
    yield f"Service version: {caller.get('service_version')}"
    yield f"Command line version: {__version__}"
