"""backend.ai notification keypair deactivate."""

import click

from backendai_notification_cli.output import success
from backendai_notification_cli.stack_options import stack_options


@click.command()
@click.argument("access_key")
@stack_options
def command(access_key: str, stack_name: str | None, region: str | None, profile: str | None) -> None:
    """Deactivate a keypair."""
    # boto3 costs more than all else together, so it is imported when the command runs.
    from backendai_notification_cli.aws import keypairs, secret
    from backendai_notification_cli.aws.connect import keypair_secret

    client, arn = keypair_secret(stack_name, region, profile)
    secret.edit(client, arn, access_key, lambda document: keypairs.deactivate(document, access_key))
    success(f"Keypair deactivated: {access_key}")
