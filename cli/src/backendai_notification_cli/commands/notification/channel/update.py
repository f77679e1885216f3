"""backend.ai notification channel update."""

from typing import TYPE_CHECKING, Any

import click

from backendai_notification_cli.commands.notification.channel.changes import ChangeOptions, change_options
from backendai_notification_cli.commands.notification.channel.channels import CHANNEL
from backendai_notification_cli.commands.notification.channel.pace import Pace, pace_options
from backendai_notification_cli.commands.notification.channel.retry_plan import retry_option
from backendai_notification_cli.commands.notification.channel.spec import (
    SpecOptions,
    spec_options,
    warn_of_unknown_members,
)
from backendai_notification_cli.commands.notification.managed import warn_if_managed
from backendai_notification_cli.commands.notification.taken import warn_if_taken
from backendai_notification_cli.http import names
from backendai_notification_cli.http.service import connect
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.inputs import (
    enabled_flag,
    only_given,
    require_change,
)
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.output import show_changed, success, warn, warn_of
from backendai_notification_cli.terminal.subjects import ONE_CHANNEL
from backendai_notification_cli.terminal.surplus import SPEC_EXAMPLE, QuotedTextCommand

if TYPE_CHECKING:
    from backendai_notification_cli.http.api import Api


@click.command(
    cls=QuotedTextCommand,
    file_option="--spec-file",
    example=SPEC_EXAMPLE,
    epilog=examples(
        "notification channel update Ops --url https://new.example.com/hook --enable",
        "notification channel update Mail --add-to oncall@example.com",
    ),
)
@shows(CHANNEL)
@click.argument("channel_id", metavar="CHANNEL", type=ONE_CHANNEL)
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
@pace_options
@change_options
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
    pace: Pace,
    single: ChangeOptions,
    options: SpecOptions,
) -> None:
    """Update a channel.

    An option changes its part of the spec and leaves the rest. --spec replaces a webhook's spec; an email
    channel's may have only what changes, {"message": {"from_email": ...}}.
    """
    enabled = enabled_flag(enable=enable, disable=disable)
    path = f"/notifications/channels/{channel_id}"
    given, parts = options.whole(), options.webhook_parts(url)
    if given is not None and single:
        raise click.UsageError(
            "--spec cannot be used with --add-to, --remove-to, --allowed-domain or --remove-header."
        )
    changes = only_given(name=name, description=description, enabled=enabled, retry=retry, **pace.body())
    require_change(changes | parts | only_given(spec=given, single=single or None))
    api = connect()
    warn_if_taken(names.CHANNEL, name, but=channel_id)
    if parts or single:
        kind, stored = _stored(api, path)
        changes["spec"] = single.applied(kind, stored if given is None else given, parts)
    elif given is not None:
        changes["spec"] = given
    if keep_credentials:
        changes["keep_credentials"] = True
    response = api.call("PATCH", path, changes)
    channel = api.part(response, "channel")
    success(f"Channel updated: {channel.get('id')}")
    _tell_dropped(response.get("dropped_credentials"))
    warn_of(response)
    warn_of_unknown_members(given, channel)
    warn_if_managed("channel", channel)
    show_changed(channel)


def _tell_dropped(names: object) -> None:
    if isinstance(names, list) and names:
        warn(
            f"The channel leads elsewhere now and lost what was sealed for the old place: "
            f"{', '.join(map(str, names))}. Give it again, or use --keep-credentials with the change"
        )


def _stored(api: "Api", path: str) -> tuple[str, dict[str, Any]]:
    """Get the channel's type and its present spec, of which a part changes."""
    channel = api.item("channel", "GET", path)
    return str(channel.get("channel_type")), channel.get("spec") or {}
