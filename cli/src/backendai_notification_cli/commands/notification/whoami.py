"""backend.ai notification whoami."""

from collections.abc import Iterator, Mapping
from typing import Any

import click

from backendai_notification_cli import __version__
from backendai_notification_cli.http.service import connect
from backendai_notification_cli.http.settings import Settings
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.kinds import Kind, shows
from backendai_notification_cli.terminal.output import show_reply, show_text

WHOAMI = "/notifications/whoami"
CALLER = Kind(
    labels={},
    fields=(
        *("access_key", "name", "role", "user_id", "expires_at", "endpoint", "profile", "endpoint_source"),
        *("secret_key_source", "service_version", "cli_version"),
    ),
    id="access_key",
)


@click.command(epilog=examples("notification whoami"))
@shows(CALLER)
def command() -> None:
    """Show the keypair in use, what it may do, and where its settings come from."""
    api = connect()
    caller = api.call("GET", WHOAMI)
    found = {**caller, "cli_version": __version__, **_settings(api.settings)}
    show_reply(found, lambda: show_text("\n".join(_lines(found))))


def _settings(used: Settings) -> dict[str, Any]:
    return {
        "endpoint": used.endpoint,
        "profile": used.profile,
        "endpoint_source": used.source,
        "secret_key_source": used.secret_source or used.source,
    }


def _lines(caller: Mapping[str, Any]) -> Iterator[str]:
    yield f"Access key: {caller.get('access_key')}"
    yield f"Name: {caller.get('name') or ''}"
    yield f"Role: {caller.get('role')}"
    yield f"User ID: {caller.get('user_id')}"
    yield f"Expires: {caller.get('expires_at') or 'never'}"
    yield f"Endpoint: {caller['endpoint']}"
    yield f"Profile: {caller['profile'] or ''}"
    yield f"Endpoint and access key from: {caller['endpoint_source']}"
    yield f"Secret key from: {caller['secret_key_source']}"
    yield f"Service version: {caller.get('service_version')}"
    yield f"Command line version: {caller['cli_version']}"
