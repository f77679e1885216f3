"""backend.ai configure show."""

import click

from backendai_notification_cli.commands.configure import storing
from backendai_notification_cli.http import profiles
from backendai_notification_cli.terminal import profile_names
from backendai_notification_cli.terminal.examples import examples


@click.command(epilog=examples("configure show prod"))
@click.argument("name", required=False, shell_complete=profile_names.offered)
def command(name: str | None) -> None:
    """Show a profile and where it is kept; the secret is masked.

    Without NAME: the profile that commands use.
    """
    named = profiles.named()
    storing.show(profiles.checked(name) if name else named.name if named else None)
