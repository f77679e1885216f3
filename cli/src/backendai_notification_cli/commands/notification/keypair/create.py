"""backend.ai notification keypair create."""

import click

from backendai_notification_cli.aws.stack_options import stack_options
from backendai_notification_cli.errors import CliError
from backendai_notification_cli.terminal.inputs import checked, require_id
from backendai_notification_cli.terminal.output import show_json, success

MAX_NAME_CHARS = 128


def _name(text: str) -> str:
    if not 0 < len(text.strip()) <= MAX_NAME_CHARS or not text.isprintable():
        raise CliError(f"A keypair's name has 1 to {MAX_NAME_CHARS} characters, on one line")
    return text.strip()


@click.command()
@click.option(
    "--role",
    type=click.Choice(["superadmin", "user"]),
    default="superadmin",
    show_default=True,
    help="What the keypair may do; only a superadmin may use the notification API.",
)
@click.option(
    "--name", callback=checked(_name), help="A name for lists and the audit log: whose it is, or what for."
)
@click.option("--user-id", metavar="UUID", help="Whose keypair it is (default: a new user id).")
@stack_options
def command(
    *,
    role: str,
    name: str | None,
    user_id: str | None,
    stack_name: str | None,
    region: str | None,
    profile: str | None,
) -> None:
    """Create a keypair and show its secret once."""
    owner = None if user_id is None else require_id(user_id, "user")
    # Importing boto3 costs more than all else together, so the command imports it when it runs.
    from backendai_notification_cli.aws import keypairs, secret
    from backendai_notification_cli.aws.connect import keypair_secrets

    client, arns = keypair_secrets(stack_name, region, profile)
    keypair = keypairs.new(role, owner, name)
    secret.edit(client, arns, keypair["access_key"], lambda document: keypairs.add(document, keypair))
    success(f"Keypair created: {keypair['access_key']}")
    show_json(keypair)
    click.echo("Keep the secret key: it is not shown again.", err=True)
