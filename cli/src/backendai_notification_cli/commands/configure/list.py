"""backend.ai configure list."""

from collections.abc import Iterator

import click

from backendai_notification_cli.errors import CliError
from backendai_notification_cli.http import envfile, profiles, settings
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.kinds import Kind, shows
from backendai_notification_cli.terminal.output import show_all

PROFILE = Kind(
    labels={
        "Profile": "name",
        "Used": "used",
        "Endpoint": "endpoint",
        "Stack": "stack",
        "Access key": "access_key",
        "Secret key in": "secret_in",
    },
    nothing="No profiles found",
    fields=("name", "used", "endpoint", "stack", "access_key", "secret_in"),
    id="name",
)


@click.command(epilog=examples("configure list"))
@shows(PROFILE)
def command() -> None:
    """List the profiles and where each leads.

    The profile 'local' is the local stack that 'make up' starts. Used is the one that commands without
    --profile use; none is, while BACKEND_ENDPOINT and its like are set in the environment.
    """
    show_all(_profiles())


def _profiles() -> Iterator[dict[str, str]]:
    try:
        chosen = settings.chosen()
        used = None if chosen is None else chosen.name
    except CliError:  # nothing is configured; the list shows what there is
        used = None
    for name in profiles.names():
        yield _told(name, envfile.load(profiles.path(name)) or {}, used)
    local = settings.local_values()
    if local is not None:
        yield _told(profiles.LOCAL, local, used)


def _told(name: str, values: dict[str, str], used: str | None) -> dict[str, str]:
    return {
        "name": name,
        "used": "yes" if name == used else "no",
        "endpoint": values.get(settings.ENDPOINT, ""),
        "stack": values.get(settings.STACK, ""),
        "access_key": values.get(settings.ACCESS_KEY, ""),
        "secret_in": "keyring" if values.get(settings.SECRET_IN) else "file",
    }
