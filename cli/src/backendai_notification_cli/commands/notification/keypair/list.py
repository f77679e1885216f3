"""backend.ai notification keypair list."""

from typing import Any

import click

from backendai_notification_cli.aws.stack_options import stack_options
from backendai_notification_cli.terminal.output import show_list

LABELS = {
    "Access key": "access_key",
    "Name": "name",
    "Role": "role",
    "User ID": "user_id",
    "Active": "active",
    "Expires": "expires",
}


@click.command()
@stack_options
def command(stack_name: str | None, region: str | None, aws_profile: str | None) -> None:
    """List the keypairs without their secrets."""
    # Importing boto3 costs more than all else together, so the command imports it when it runs.
    from backendai_notification_cli.aws import keypairs, secret
    from backendai_notification_cli.aws.connect import keypair_secrets

    client, arns = keypair_secrets(stack_name, region, aws_profile)
    _, document = secret.read(client, arns)
    found = (
        {**keypair, "active": keypairs.is_active(keypair), "expires": _expiry(keypair)}
        for keypair in keypairs.listed(document)
    )
    show_list(found, LABELS, "No keypairs found")


def _expiry(keypair: dict[str, Any]) -> str:
    # Imported by the command already, for the same reason.
    from backendai_notification_cli.aws import keypairs

    end = keypair.get("expires_at")
    if end is None:
        return "never"
    return f"{end} (expired)" if keypairs.is_expired(keypair) else str(end)
