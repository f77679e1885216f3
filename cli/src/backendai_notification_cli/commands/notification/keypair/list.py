"""backend.ai notification keypair list."""

import click

from backendai_notification_cli.aws.stack_options import stack_options
from backendai_notification_cli.terminal.output import show_list

LABELS = {
    "Access key": "access_key",
    "Name": "name",
    "Role": "role",
    "User ID": "user_id",
    "Active": "active",
}


@click.command()
@stack_options
def command(stack_name: str | None, region: str | None, profile: str | None) -> None:
    """List the keypairs without their secrets."""
    # Importing boto3 costs more than all else together, so the command imports it when it runs.
    from backendai_notification_cli.aws import keypairs, secret
    from backendai_notification_cli.aws.connect import keypair_secrets

    client, arns = keypair_secrets(stack_name, region, profile)
    _, document = secret.read(client, arns)
    found = ({**keypair, "active": keypairs.is_active(keypair)} for keypair in keypairs.listed(document))
    show_list(found, LABELS, "No keypairs found")
