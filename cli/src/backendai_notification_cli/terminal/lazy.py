"""Groups whose sub-commands are imported only when one of them runs."""
# ruff: noqa: ARG002 - the signatures are click's

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from backendai_notification_cli.terminal.examples import write

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


class LazyGroup(click.Group):
    """A group that finds the command `NAME` as `command` in the module `PACKAGE.NAME`.

    `subcommands` maps each name to its short help, so that help and completion import nothing. `aliases`
    maps other names to these. `plurals`: whether `rules` means `rule`.
    """

    def __init__(
        self,
        *,
        package: str,
        subcommands: Mapping[str, str],
        aliases: Mapping[str, str] | None = None,
        plurals: bool = False,
        **attrs: Any,
    ) -> None:
        super().__init__(**attrs)
        self.package = package
        self.subcommands = subcommands
        self.aliases = aliases or {}
        self.plurals = plurals

    def known_as(self, name: str) -> str | None:
        """Return the name under which a sub-command is written down; None if there is none."""
        singular = f"{name[:-3]}y" if name.endswith("ies") else name.removesuffix("s")
        for known in (name, self.aliases.get(name, ""), singular if self.plurals else ""):
            if known in self.subcommands:
                return known
        return None

    def names(self) -> list[str]:
        """Return the names and aliases of all sub-commands, to find the nearest."""
        return [*self.subcommands, *self.aliases]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the options that stand before the sub-command; say where those of a command belong."""
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            if error.possibilities:
                raise
            told = "Options of a command follow it, as in 'channel list -o json'."
            raise click.UsageError(f"{error.format_message()} {told}", ctx) from None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the sub-command that is named, or say which is the nearest.

        Raises:
            UsageError: there is none.
        """
        name = args[0]
        if ctx.resilient_parsing or name.startswith("-") or self.get_command(ctx, name) is not None:
            _, command, rest = super().resolve_command(ctx, args)
            return (None if command is None else self.known_as(name) or name), command, rest
        from difflib import get_close_matches

        near = get_close_matches(name, self.names(), n=3)
        hint = f" Did you mean {' or '.join(repr(each) for each in near)}?" if near else ""
        raise click.UsageError(f"No such command '{name}'.{hint}", ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the sub-commands in the order in which they are written down."""
        return list(self.subcommands)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the sub-command's module and return its command."""
        name = self.known_as(cmd_name)
        if name is None:
            return None
        module = import_module(f"{self.package}.{name.replace('-', '_')}")
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

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples."""
        write(self.epilog, formatter)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list["CompletionItem"]:
        """Offer the sub-commands, then the group's own options."""
        from click.shell_completion import CompletionItem

        found = [CompletionItem(n, help=h) for n, h in self.subcommands.items() if n.startswith(incomplete)]
        return [*found, *click.Command.shell_complete(self, ctx, incomplete)]
