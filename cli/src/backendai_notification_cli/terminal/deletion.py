"""Ask before something is deleted, and say what goes with it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import click

from backendai_notification_cli.errors import CliError
from backendai_notification_cli.terminal.inputs import can_ask_for_confirmation
from backendai_notification_cli.terminal.kinds import Kind
from backendai_notification_cli.terminal.options import collected
from backendai_notification_cli.terminal.output import show_lines
from backendai_notification_cli.terminal.visible import visible

DELETED = Kind(labels={}, fields=("id", "deleted"))
"""What a deletion prints if an option asks for it."""


@dataclass(frozen=True, slots=True)
class Deletion:
    """What the options say of a deletion."""

    dry_run: bool = False
    yes: bool = False

    def agreed(self, told: Callable[[], Iterable[str]]) -> bool:
        """Return whether to delete: on a terminal somebody is asked, scripts are not.

        ``told``: says what would be deleted, and what goes with it; only asked if somebody is to see it.

        Raises:
            CliError: it was not confirmed.
        """
        if self.dry_run:
            show_lines(map(visible, told()))
            return False
        if self.yes or not can_ask_for_confirmation():
            return True
        for line in told():
            click.echo(visible(line), err=True)
        if not click.confirm("Delete?", err=True):
            raise CliError("Nothing was deleted")
        return True


deletion_options = collected(
    Deletion,
    "deletion",
    (
        click.option("--dry-run", is_flag=True, help="Say what would be deleted; delete nothing."),
        click.option("--yes", is_flag=True, help="Do not ask for confirmation on a terminal."),
    ),
)
"""Add --dry-run and --yes, and pass them on as one `deletion`."""
