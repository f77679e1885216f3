"""Groups whose sub-commands are imported only when one of them runs."""
# ruff: noqa: ARG002 - the signatures are click's

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


class LazyGroup(click.Group):
    """A group that finds the command `NAME` as `command` in the module `PACKAGE.NAME`.

    `subcommands` maps each name to its short help, so that help and completion import nothing.
    """

    def __init__(self, *, package: str, subcommands: Mapping[str, str], **attrs: Any) -> None:
        super().__init__(**attrs)
        self.package = package
        self.subcommands = subcommands

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the sub-commands in the order in which they are written down."""
        return list(self.subcommands)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the sub-command's module and return its command."""
        if cmd_name not in self.subcommands:
            return None
        module = import_module(f"{self.package}.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        if isinstance(command, click.Group):
            return command
        # The help of a group is shown without it.
        from backendai_notification_cli.terminal.command import Command

        return command if isinstance(command, Command) else Command.of(command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of sub-commands."""
        with formatter.section("Commands"):
            formatter.write_dl(list(self.subcommands.items()))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list["CompletionItem"]:
        """Offer the sub-commands, then the group's own options."""
        from click.shell_completion import CompletionItem

        found = [CompletionItem(n, help=h) for n, h in self.subcommands.items() if n.startswith(incomplete)]
        return [*found, *click.Command.shell_complete(self, ctx, incomplete)]
