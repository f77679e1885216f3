"""backend.ai notification config adopt."""

from typing import TYPE_CHECKING

import click

from backendai_notification_cli.commands.notification.config.kinds import ADOPTED, TO_ADOPT
from backendai_notification_cli.commands.notification.config.options import file_argument
from backendai_notification_cli.errors import CliError
from backendai_notification_cli.terminal.choice import chosen
from backendai_notification_cli.terminal.counts import counted
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.inputs import can_ask_for_confirmation
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.options import Option
from backendai_notification_cli.terminal.output import show_all, show_done, show_lines, success

if TYPE_CHECKING:
    from backendai_notification_cli.commands.notification.config.adopting import Found


def _meant(noun: str) -> Option:
    return click.option(
        f"--{noun}",
        f"{noun}s",
        metavar="KEY=ID",
        multiple=True,
        help=f"The {noun} that is meant by a key, by its name or ID (repeatable).",
    )


@click.command(
    epilog=examples(
        "notification config adopt prod.yaml --dry-run",
        "notification config adopt prod.yaml --channel ops=Ops --yes",
    )
)
@shows(ADOPTED)
@file_argument
@_meant("channel")
@_meant("rule")
@_meant("mute")
@click.option("--dry-run", is_flag=True, help="Say what would be adopted; adopt nothing.")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation on a terminal.")
def command(
    *,
    file: str,
    channels: tuple[str, ...],
    rules: tuple[str, ...],
    mutes: tuple[str, ...],
    dry_run: bool,
    yes: bool,
) -> None:
    """Let a file's set manage what exists already.

    Only that is noted: 'config plan' shows what the file changes of it. Without options a channel or rule is
    found by its name, a mute by its reason and an event type by its key, if no set manages it yet.
    """
    from backendai_notification_cli.commands.notification.config import adopting, configuration

    read = configuration.load(file, None)
    read.check()
    given = {"channel": channels, "rule": rules, "mute": mutes}
    found = adopting.found(read, given)
    if dry_run:
        _show(found)
        return
    if found.objects and not yes and can_ask_for_confirmation():
        for line in adopting.lines(found):
            click.echo(line, err=True)
        if not click.confirm("Adopt?", err=True):
            raise CliError("Nothing was adopted")
    reply = adopting.adopt(read, found)
    success(f"Adopted {counted(len(found.objects), 'object')}, {found.new} of the file are new")
    show_done({"set": read.set, **reply})


def _show(found: "Found") -> None:
    from backendai_notification_cli.commands.notification.config import adopting

    if chosen().of_list().structured:
        show_all(adopting.actions(found), TO_ADOPT)
    else:
        show_lines(adopting.lines(found))
