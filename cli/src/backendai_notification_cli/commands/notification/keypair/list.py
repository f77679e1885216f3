"""backend.ai notification keypair list."""

import click

from backendai_notification_cli.aws.stack_options import stack_options
from backendai_notification_cli.commands.notification.keypair.shown import KEYPAIR, as_told
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.output import show_all
from backendai_notification_cli.terminal.record_options import limit_option


@click.command(epilog=examples("notification keypair list"))
@shows(KEYPAIR)
@limit_option
@stack_options
def command(
    *, limit: int | None, stack_name: str | None, region: str | None, aws_profile: str | None
) -> None:
    """List the keypairs without their secrets."""
    # Importing boto3 costs more than all else together, so the command imports it when it runs.
    from backendai_notification_cli.aws import keypairs, secret
    from backendai_notification_cli.aws.connect import keypair_secrets

    client, arns = keypair_secrets(stack_name, region, aws_profile)
    _, document = secret.read(client, arns)
    shown = (
        {name: value for name, value in as_told(keypair).items() if name != "secret_key"}
        | {"active": keypairs.is_active(keypair), "expired": keypairs.is_expired(keypair)}
        for keypair in keypairs.listed(document)[:limit]
    )
    show_all(shown)
