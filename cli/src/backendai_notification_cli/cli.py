"""The root of the command tree."""

import sys
from typing import TYPE_CHECKING, Any, cast

import click

from backendai_notification_cli import __version__
from backendai_notification_cli.exits import ExitCode
from backendai_notification_cli.http import PROFILE_VARIABLE
from backendai_notification_cli.terminal import colours
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.lazy import LazyGroup
from backendai_notification_cli.terminal.visible import shortened

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

INSTALLED = "backendai-notification"
PROGRAM = INSTALLED if sys.argv[0].endswith(INSTALLED) else "backend.ai"
"""The name of the program as it was called: the clone's launcher is backend.ai, as in the guide."""


class Root(LazyGroup):
    """The group of all commands."""

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        """Begin a run, with or without colours as the environment says."""
        return super().make_context(*args, **{"color": colours.wanted(), **extra})

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
