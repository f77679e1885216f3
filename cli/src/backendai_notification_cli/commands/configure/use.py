"""backend.ai configure use."""

import click

from backendai_notification_cli.http import profiles, settings
from backendai_notification_cli.terminal import profile_names
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.kinds import Kind, shows
from backendai_notification_cli.terminal.output import show_done, success, warn


@click.command(epilog=examples("configure use prod"))
@shows(Kind(labels={}, fields=("name", "endpoint"), id="name"))
@click.argument("name", shell_complete=profile_names.offered)
def command(name: str) -> None:
    """Choose the profile of commands that name none.

    'local' is the local stack; 'default' is what 'configure' stores without --profile.
    """
    chosen = settings.of_profile(profiles.Chosen(profiles.checked(name)))
    profiles.use(name)
    success(f"Commands use the profile '{name}', {chosen.endpoint}")
    used = settings.chosen()
    if used is None:
        warn("Not yet: BACKEND_ENDPOINT and its like are set in the environment, and win")
    elif used.name != name:
        warn(f"Not yet: {used.by} names '{used.name}', and wins")
    show_done({"name": name, "endpoint": chosen.endpoint})
