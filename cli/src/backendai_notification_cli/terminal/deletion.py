"""Ask before something is deleted, and say what goes with it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import click

from backendai_notification_cli.errors import CliError
from backendai_notification_cli.terminal.choice import chosen, running_kind
from backendai_notification_cli.terminal.inputs import can_ask_for_confirmation
from backendai_notification_cli.terminal.kinds import Column, Item, Kind
from backendai_notification_cli.terminal.options import collected
from backendai_notification_cli.terminal.output import show_all, show_lines
from backendai_notification_cli.terminal.visible import visible

DELETE, NONE = "delete", "none"
"""What would be done with an object."""

_OF_DRY_RUNS = ("action", "kind", "name", "reason", "waiting")
DELETED = Kind(labels={}, fields=("id", "deleted", *_OF_DRY_RUNS))
"""What a deletion prints if an option asks for it, and the fields of its dry run."""

GOING = Kind(
    labels={},
    fields=("id", *_OF_DRY_RUNS),
    columns=(
        Column("action", "action"),
        Column("kind", "kind"),
        Column("name", "name"),
        Column("reason", "reason"),
        Column("id", "id", "id"),
    ),
)
"""What a dry run of a deletion lists if an option asks for it."""


@dataclass(frozen=True, slots=True)
class Consequences:
    """What a deletion deletes, and what is in its way: as objects for programs, and as lines for eyes."""

    objects: Sequence[Item]
    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class Deletion:
    """What the options say of a deletion."""

    dry_run: bool = False
    yes: bool = False

    def agreed(self, told: Callable[[], Consequences]) -> bool:
        """Return whether to delete: on a terminal somebody is asked, scripts are not.

        ``told``: says what would be deleted, and what goes with it; only asked if somebody is to see it.

        Raises:
            CliError: it was not confirmed, or cannot be, because something is in the way.
        """
        if self.dry_run:
            _show(told())
            return False
        if self.yes or not can_ask_for_confirmation():
            return True
        consequences = told()
        for line in consequences.lines:
            click.echo(visible(line), err=True)
        # The service would refuse it, whatever the answer.
        for each in consequences.objects:
            if each["action"] == NONE:
                raise CliError(f"Nothing was deleted: {each['reason']}")
        if not click.confirm("Delete?", err=True):
            raise CliError("Nothing was deleted")
        return True


def _show(consequences: Consequences) -> None:
    choice = chosen().of_list()
    if not choice.structured:
        show_lines(map(visible, consequences.lines))
        return
    # Ids alone do not say which of the objects would stay.
    found = [each for each in consequences.objects if choice.format != "id" or each["action"] == DELETE]
    show_all(found, replace(GOING, id=running_kind().id))


deletion_options = collected(
    Deletion,
    "deletion",
    (
        click.option("--dry-run", is_flag=True, help="Say what would be deleted; delete nothing."),
        click.option("--yes", is_flag=True, help="Do not ask for confirmation on a terminal."),
    ),
)
"""Add --dry-run and --yes, and pass them on as one `deletion`."""
