"""backend.ai notification keypair create."""

import click

from backendai_notification_cli.inputs import require_id
from backendai_notification_cli.output import show_json, success
from backendai_notification_cli.stack_options import stack_options


@click.command()
@click.option(
    "--role",
    type=click.Choice(["superadmin", "user"]),
    default="superadmin",
    show_default=True,
    help="What the keypair may do; only a superadmin may use the notification API.",
)
@click.option("--user-id", metavar="UUID", help="Whose keypair it is (default: a new user id).")
@stack_options
def command(
    role: str, user_id: str | None, stack_name: str | None, region: str | None, profile: str | None
) -> None:
    """Create a keypair and show its secret once."""
    owner = None if user_id is None else require_id(user_id, "user")
    # boto3 costs more than all else together, so it is imported when the command runs.
    from backendai_notification_cli.aws import keypairs, secret
    from backendai_notification_cli.aws.connect import keypair_secret

    client, arn = keypair_secret(stack_name, region, profile)
    record = keypairs.new(role, owner)
    secret.edit(client, arn, record["access_key"], lambda document: keypairs.add(document, record))
    success(f"Keypair created: {record['access_key']}")
    show_json(record)
    click.echo("Keep the secret key: it is not shown again.", err=True)
