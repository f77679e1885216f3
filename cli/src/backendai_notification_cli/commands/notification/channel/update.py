"""backend.ai notification channel update."""

from typing import TYPE_CHECKING, Any

import click

from backendai_notification_cli.errors import CliError
from backendai_notification_cli.inputs import (
    enabled_flag,
    only_given,
    require_change,
    require_id,
)
from backendai_notification_cli.output import show_json, success, warn
from backendai_notification_cli.retry_plan import retry_option
from backendai_notification_cli.service import connect
from backendai_notification_cli.spec import SpecOptions, merge, spec_options
from backendai_notification_cli.surplus import SPEC_EXAMPLE, QuotedTextCommand

if TYPE_CHECKING:
    from backendai_notification_cli.api import Api


@click.command(cls=QuotedTextCommand, file_option="--spec-file", example=SPEC_EXAMPLE)
@click.argument("channel_id")
@click.option("--name", help="Update the channel's name.")
@click.option("--url", help="Update the webhook URL.")
@click.option("--description", help="Update the description.")
@click.option("--enable", is_flag=True, help="Enable the channel.")
@click.option("--disable", is_flag=True, help="Disable the channel.")
@click.option(
    "--keep-credentials",
    is_flag=True,
    help="Keep sealed headers and password though the channel leads to another host.",
)
@retry_option
@spec_options
def command(
    *,
    channel_id: str,
    name: str | None,
    url: str | None,
    description: str | None,
    enable: bool,
    disable: bool,
    keep_credentials: bool,
    retry: str | list[int] | None,
    options: SpecOptions,
) -> None:
    """Update a channel.

    A webhook option changes that part of the spec and leaves the rest; --spec replaces the whole.
    """
    enabled = enabled_flag(enable=enable, disable=disable)
    path = f"/notifications/channels/{require_id(channel_id, 'channel')}"
    given, parts = options.whole(), options.webhook_parts(url)
    changes = only_given(name=name, description=description, enabled=enabled, retry=retry)
    require_change(changes | parts | only_given(spec=given))
    api = connect()
    if given is not None or parts:
        changes["spec"] = merge(_stored_spec(api, path) if given is None else given, parts)
    if keep_credentials:
        changes["keep_credentials"] = True
    answer = api.call("PATCH", path, changes)
    channel = api.part(answer, "channel")
    success(f"Channel updated: {channel.get('id')}")
    _tell_dropped(answer.get("dropped_credentials"))
    show_json(channel)


def _tell_dropped(names: object) -> None:
    if isinstance(names, list) and names:
        warn(
            f"The channel leads elsewhere now and lost what was sealed for the old place: "
            f"{', '.join(map(str, names))}. Give it anew, or use --keep-credentials with the change"
        )


def _stored_spec(api: "Api", path: str) -> dict[str, Any]:
    """Get the spec that is there: the API replaces it whole, so a part of it cannot be sent."""
    channel = api.item("channel", "GET", path)
    if channel.get("channel_type") != "webhook":
        raise CliError("The webhook options do not fit an email channel: use --spec")
    spec: dict[str, Any] = channel.get("spec") or {}
    return spec
