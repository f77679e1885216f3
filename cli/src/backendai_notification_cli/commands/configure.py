"""backend.ai configure."""

import os

import click

from backendai_notification_cli.aws.stack_options import stack_options
from backendai_notification_cli.errors import CliError
from backendai_notification_cli.http import envfile, settings
from backendai_notification_cli.terminal.output import show_text, success

MASKED = "********"


@click.command()
@stack_options
@click.option("--show", is_flag=True, help="Print what is configured; the secret is masked.")
@click.option("--clear", is_flag=True, help="Remove what is configured.")
def command(
    *, stack_name: str | None, region: str | None, profile: str | None, show: bool, clear: bool
) -> None:
    """Point the command line at a deployed stack.

    Reads the stack's outputs and its keypair, and stores them in a file that only you can read.
    """
    if [stack_name is not None, show, clear].count(True) != 1:
        raise click.UsageError("Give exactly one of --stack-name, --show and --clear.")
    if show:
        _show()
    elif clear:
        _clear()
    elif stack_name is not None:
        _store(stack_name, region, profile)


def _show() -> None:
    path = settings.configured_path()
    values = settings.configured_values()
    if values is None:
        local = os.environ[settings.LOCAL_FILE] if settings.local_values() is not None else None
        used = [f"Commands go to the local stack that {local} names"] if local else []
        raise CliError(f"Nothing is configured: there is no {path}", *used)
    masked = {key: MASKED if key == settings.SECRET_KEY else value for key, value in values.items()}
    success(f"Configured in {path}")
    show_text("\n".join(f"{key}={value}" for key, value in masked.items()))


def _clear() -> None:
    path = settings.configured_path()
    success(f"Removed {path}" if envfile.remove(path) else "Nothing was configured")


def _store(stack_name: str, region: str | None, profile: str | None) -> None:
    # Importing boto3 costs more than all else together, so only commands that need it import it.
    from backendai_notification_cli.aws import keypairs, secret, stack
    from backendai_notification_cli.aws.session import Aws

    aws = Aws(stack_name, region, profile)
    found = stack.describe(aws.cloudformation(), stack_name)
    _, document = secret.read(aws.secretsmanager(), found.keypairs)
    keypair = keypairs.usable(document)
    endpoint = settings.local_endpoint(stack_name, aws.endpoint_url) or found.api_url
    path = settings.configured_path()
    values = {
        settings.ENDPOINT: endpoint,
        settings.ACCESS_KEY: keypair["access_key"],
        settings.SECRET_KEY: keypair["secret_key"],
        settings.EVENT_BUS: found.event_bus,
        settings.STACK: stack_name,
        settings.REGION: aws.region,
    }
    envfile.save(path, values)
    success(f"Configured for {endpoint} in {path}")
