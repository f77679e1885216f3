"""backend.ai notification channel create."""

from typing import Any

import click

from backendai_notification_cli.commands.notification.channel.changes import domain_option, with_domains
from backendai_notification_cli.commands.notification.channel.channels import CHANNEL_WITH_SECRET
from backendai_notification_cli.commands.notification.channel.pace import Pace, pace_options
from backendai_notification_cli.commands.notification.channel.retry_plan import retry_option
from backendai_notification_cli.commands.notification.channel.signing_secret import say_once
from backendai_notification_cli.commands.notification.channel.spec import (
    SpecOptions,
    merge,
    merge_email,
    spec_options,
    warn_of_unknown_members,
)
from backendai_notification_cli.commands.notification.taken import warn_if_taken
from backendai_notification_cli.errors import CliError
from backendai_notification_cli.http import names
from backendai_notification_cli.http.service import connect
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.inputs import only_given
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.output import show_changed, success, warn_of
from backendai_notification_cli.terminal.surplus import SPEC_EXAMPLE, QuotedTextCommand

WEBHOOK = "webhook"


@click.command(
    cls=QuotedTextCommand,
    file_option="--spec-file",
    example=SPEC_EXAMPLE,
    epilog=examples(
        "notification channel create Ops https://hooks.slack.com/services/T0/B0/x --preset slack",
        "notification channel create Audit https://audit.example.com/hook --header "
        "'X-Team: ops' --retry 5s,1m,30m",
        "notification channel create Mail --channel-type email --spec-file mail.json",
    ),
)
@shows(CHANNEL_WITH_SECRET)
@click.argument("name")
@click.argument("webhook_url", required=False)
@click.option(
    "--channel-type",
    type=click.Choice([WEBHOOK, "email"], case_sensitive=False),
    default=WEBHOOK,
    show_default=True,
    help="Channel type.",
)
@click.option("--description", help="Channel description.")
@click.option("--disabled", is_flag=True, help="Create the channel as disabled.")
@domain_option
@retry_option
@pace_options
@spec_options
def command(
    *,
    name: str,
    webhook_url: str | None,
    channel_type: str,
    description: str | None,
    disabled: bool,
    allowed_domain: tuple[str, ...],
    retry: str | list[int] | None,
    pace: Pace,
    options: SpecOptions,
) -> None:
    """Create a channel.

    A webhook channel needs WEBHOOK_URL, or a spec with a "url"; an email channel needs a spec with "smtp" and
    "message".
    """
    if webhook_url is not None and "://" in name and "://" not in webhook_url:
        raise click.UsageError("NAME comes first, then WEBHOOK_URL.")
    given = options.whole()
    spec = _spec(channel_type, given, options.webhook_parts(webhook_url), allowed_domain)
    body = only_given(
        name=name,
        description=description,
        channel_type=channel_type,
        spec=spec,
        enabled=False if disabled else None,
        retry=retry,
        **pace.body(),
    )
    warn_if_taken(names.CHANNEL, name)
    api = connect()
    response = api.call("POST", "/notifications/channels", body)
    channel = api.part(response, "channel")
    warn_of(response)
    warn_of_unknown_members(given, channel)
    success(f"Channel created: {channel.get('id')}")
    show_changed(channel)
    say_once(channel, otherwise=", or rotate it with channel rotate-secret")


def _spec(
    channel_type: str, given: dict[str, Any] | None, parts: dict[str, Any], domains: tuple[str, ...]
) -> dict[str, Any]:
    if channel_type == WEBHOOK:
        if domains:
            raise click.UsageError("A webhook channel has no recipients: --allowed-domain is for email.")
        if given is None and "url" not in parts:
            raise click.UsageError("Missing argument 'WEBHOOK_URL': a webhook channel needs it, or --spec.")
        return merge(given or {}, parts)
    if "url" in parts:
        raise click.UsageError("WEBHOOK_URL is refused for an email channel: use --spec.")
    if given is None:
        raise CliError("Must specify either --spec or --spec-file")
    return with_domains(merge_email(given, parts), domains)
