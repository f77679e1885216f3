"""backend.ai notification keypair deactivate."""

import click

from backendai_notification_cli.aws.stack_options import stack_options
from backendai_notification_cli.errors import CliError
from backendai_notification_cli.http import settings
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.inputs import can_ask_for_confirmation
from backendai_notification_cli.terminal.kinds import Kind, shows
from backendai_notification_cli.terminal.output import show_done, success
from backendai_notification_cli.terminal.subjects import KEYPAIR

DEACTIVATED = Kind(labels={}, fields=("access_key", "active"), id="access_key")


@click.command(epilog=examples("notification keypair deactivate AKIAEXAMPLE"))
@shows(DEACTIVATED)
@click.argument("access_key", type=KEYPAIR)
@click.option(
    "--yes", is_flag=True, help="Do not ask, even if it is the keypair that this command line uses."
)
@stack_options
def command(
    *, access_key: str, yes: bool, stack_name: str | None, region: str | None, aws_profile: str | None
) -> None:
    """Deactivate a keypair."""
    # Importing boto3 costs more than all else together, so the command imports it when it runs.
    from backendai_notification_cli.aws import keypairs, secret
    from backendai_notification_cli.aws.connect import keypair_secrets

    if not yes and access_key == _in_use():
        _ask(f"{access_key} is the keypair that this command line uses, and is refused from then on")
    client, arns = keypair_secrets(stack_name, region, aws_profile)
    secret.edit(client, arns, access_key, lambda document: keypairs.deactivate(document, access_key))
    success(f"Keypair deactivated: {access_key}")
    show_done({"access_key": access_key, "active": False})


def _ask(consequence: str) -> None:
    if not can_ask_for_confirmation():
        raise CliError(f"{consequence}: give --yes, as there is no terminal to ask at")
    if not click.confirm(f"{consequence}. Go on?", err=True):
        raise CliError("Nothing was deactivated")


def _in_use() -> str | None:
    try:
        return settings.load().access_key
    except CliError:  # none is set
        return None
