"""backend.ai notification keypair create."""

from datetime import UTC, datetime

import click

from backendai_notification_cli.aws.stack_options import stack_options
from backendai_notification_cli.commands.notification.keypair.shown import NEW_KEYPAIR, as_told
from backendai_notification_cli.errors import CliError
from backendai_notification_cli.terminal.choice import chosen
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.inputs import checked, require_id
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.output import show_changed, success, warn
from backendai_notification_cli.terminal.times import parse_end

ROLES = ("viewer", "operator", "editor", "admin")
BACKENDAI_ROLES = ("superadmin", "user")
MAX_NAME_CHARS = 128


def _end(text: str) -> datetime:
    return parse_end(text, datetime.now(UTC))


def _name(text: str) -> str:
    if not 0 < len(text.strip()) <= MAX_NAME_CHARS or not text.isprintable():
        raise CliError(f"A keypair's name has 1 to {MAX_NAME_CHARS} characters, on one line")
    return text.strip()


@click.command(epilog=examples("notification keypair create --name ci --role editor --expires 90d"))
@shows(NEW_KEYPAIR)
@click.option(
    "--role",
    type=click.Choice([*ROLES, *BACKENDAI_ROLES]),
    default="admin",
    show_default=True,
    help="What the keypair may do: a viewer reads and simulates; an operator also sends (retries, emits,"
    " tests, resumes) and mutes; an editor also changes channels, rules and event types; an admin may do"
    " everything."
    " Backend.AI's superadmin is an admin, its user may do nothing here.",
)
@click.option(
    "--expires",
    "expires_at",
    metavar="WHEN",
    callback=checked(_end),
    help="How long the keypair works, such as 90d, or an ISO 8601 time (default: until it is deactivated).",
)
@click.option(
    "--name", callback=checked(_name), help="A name for lists and the audit log: whose it is, or what for."
)
@click.option("--user-id", metavar="UUID", help="Whose keypair it is (default: a new user id).")
@stack_options
def command(
    *,
    role: str,
    expires_at: datetime | None,
    name: str | None,
    user_id: str | None,
    stack_name: str | None,
    region: str | None,
    aws_profile: str | None,
) -> None:
    """Create a keypair and show its secret once."""
    owner = None if user_id is None else require_id(user_id, "user")
    # Importing boto3 costs more than all else together, so the command imports it when it runs.
    from backendai_notification_cli.aws import keypairs, secret
    from backendai_notification_cli.aws.connect import keypair_secrets

    client, arns = keypair_secrets(stack_name, region, aws_profile)
    keypair = keypairs.new(role, owner, name, expires_at)
    secret.edit(client, arns, keypair["access_key"], lambda document: keypairs.add(document, keypair))
    success(f"Keypair created: {keypair['access_key']}")
    show_changed(as_told(keypair))
    _say_once(keypair["access_key"])


def _say_once(access_key: str) -> None:
    """Say on stderr that the secret key was shown, or that it was not and never will be."""
    choice = chosen().of_list()
    if choice.format == "id" or (choice.fields and "secret_key" not in choice.fields):
        warn(f"The secret key was not printed: deactivate {access_key} and create another keypair")
    else:
        click.echo("Keep the secret key: it is not shown again.", err=True)
