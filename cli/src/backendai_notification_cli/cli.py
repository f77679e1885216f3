"""The root of the command tree."""

import os
import sys
from typing import TYPE_CHECKING, Any, cast

import click

from backendai_notification_cli import __version__
from backendai_notification_cli.exits import ExitCode
from backendai_notification_cli.http import PROFILE_VARIABLE
from backendai_notification_cli.terminal import profile_names
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.lazy import LazyGroup
from backendai_notification_cli.terminal.streams import STDOUT
from backendai_notification_cli.terminal.visible import shortened

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

INSTALLED = "backendai-notification"
MAX_HELP_WIDTH, MIN_HELP_WIDTH = 80, 50
PROGRAM = INSTALLED if sys.argv[0].endswith(INSTALLED) else "backend.ai"
"""The name of the program as it was called: the clone's launcher is backend.ai, as in the guide."""


def wants_colours() -> bool | None:
    """Return whether output is coloured; None if a terminal's is, and no other.

    NO_COLOR is asked first (https://no-color.org), then FORCE_COLOR and CLICOLOR_FORCE, then CLICOLOR.
    """
    if os.environ.get("NO_COLOR"):
        return False
    if any(os.environ.get(name, "0") not in {"", "0"} for name in ("FORCE_COLOR", "CLICOLOR_FORCE")):
        return True
    if os.environ.get("CLICOLOR") == "0" or os.environ.get("TERM") == "dumb":
        return False
    return None


def help_width() -> int:
    """Return how wide help is: as click has it, but without shutil, which takes as long as all of ours."""
    try:
        columns = int(os.environ.get("COLUMNS") or os.get_terminal_size(STDOUT).columns)
    except (OSError, ValueError):
        columns = MAX_HELP_WIDTH
    return max(min(columns, MAX_HELP_WIDTH) - 2, MIN_HELP_WIDTH)


class Root(LazyGroup):
    """The group of all commands."""

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        """Begin a run, with or without colours as the environment says."""
        found = {"color": wants_colours(), "terminal_width": help_width()}
        return super().make_context(*args, **{**found, **extra})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command; `notification` may be left out of its name."""
        found = super().get_command(ctx, cmd_name)
        return found if found is not None else self._notification(ctx).get_command(ctx, cmd_name)

    def names(self) -> list[str]:
        """Return the names of all commands that may stand here."""
        return [*super().names(), *self._notification(click.get_current_context()).names()]

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list["CompletionItem"]:
        """Offer the commands of `notification` too."""
        return [
            *super().shell_complete(ctx, incomplete),
            *self._notification(ctx).shell_complete(ctx, incomplete),
        ]

    def _notification(self, ctx: click.Context) -> LazyGroup:
        return cast(LazyGroup, super().get_command(ctx, "notification"))


root = Root(
    name=PROGRAM,
    package="backendai_notification_cli.commands",
    subcommands={
        "notification": "Manage notification channels, rules and events.",
        "configure": "Point the command line at a deployed stack.",
        "completion": "Print the completion script for a shell.",
    },
    context_settings={"help_option_names": ["-h", "--help"]},
    aliases={"notif": "notification"},
    epilog=examples("notification channel list", "channel list -o json", "notif rules list --channel Ops"),
    help="The command line of Backend.AI's notification service. The word 'notification' may be left out.",
)
click.version_option(__version__, prog_name=PROGRAM)(root)
click.option(
    "--profile",
    metavar="NAME",
    shell_complete=profile_names.offered,
    help=f"The profile to use, as 'configure list' shows it (or in {PROFILE_VARIABLE}).",
)(root)
click.option("--debug", is_flag=True, help="Show requests and responses on stderr, without credentials.")(
    root
)


def main() -> int:
    """Run the program and return its exit code."""
    try:
        result = root.main(prog_name=PROGRAM, standalone_mode=False)
    except click.Abort:
        return ExitCode.INTERRUPTED
    except click.ClickException as error:
        vars(error)["message"] = shortened(error.message)  # click declares it final
        error.show()
        return error.exit_code
    return result if isinstance(result, int) else ExitCode.OK
