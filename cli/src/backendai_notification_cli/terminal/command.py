"""What every command has beside its own options: those about the output, and the layout of its help."""

from typing import Any

import click

from backendai_notification_cli.errors import Refused
from backendai_notification_cli.terminal.choice import OutputOption, json_alone, output_options
from backendai_notification_cli.terminal.examples import write
from backendai_notification_cli.terminal.kinds import shown_kind

NOT_FOUND = 404
SURPLUS = "Got unexpected extra argument"
"""How click begins what it says of arguments that a command does not have."""


class Command(click.Command):
    """A command whose output can be chosen."""

    def __init__(self, *args: Any, **attrs: Any) -> None:
        super().__init__(*args, **attrs)
        names = (name for param in self.params for name in (*param.opts, param.name) if name)
        self.params += output_options(frozenset(names))

    @classmethod
    def of(cls, plain: click.Command) -> "Command":
        """Make a command of one that was made as click's own."""
        return cls(
            name=plain.name,
            callback=plain.callback,
            params=plain.params,
            help=plain.help,
            epilog=plain.epilog,
            short_help=plain.short_help,
            context_settings=plain.context_settings,
        )

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse arguments; where ``--json`` may stand alone, it takes only fields after it."""
        kind = shown_kind(self.callback)
        try:
            return super().parse_args(ctx, json_alone(args, kind) if kind.whole else args)
        except click.NoSuchOption as error:
            if error.option_name not in {
                name for param in ctx.find_root().command.params for name in param.opts
            }:
                raise
            told = (
                f"It stands before the command, as in '{ctx.find_root().info_name} {error.option_name} ...'."
            )
            raise click.UsageError(f"{error.message} {told}", ctx) from None
        except click.UsageError as error:
            if error.message.startswith(SURPLUS):
                quoted = "What has spaces must be quoted, as in 'Night shift'."
                vars(error)["message"] = f"{error.message}. {quoted}"  # click declares it final
            raise

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command, again if what the service did not find is the beginning of an id or name."""
        try:
            return super().invoke(ctx)
        except Refused as refused:
            if refused.status != NOT_FOUND:
                raise
            from backendai_notification_cli.terminal.subjects import found_elsewhere, found_later

            if not found_later(self, ctx):
                refused.details += (*found_elsewhere(self, ctx),)
                raise
        return super().invoke(ctx)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        """Write the examples."""
        write(self.epilog, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the command's own options, then those about the output."""
        own: list[tuple[str, str]] = []
        output: list[tuple[str, str]] = []
        for param in self.get_params(ctx):
            record = None if isinstance(param, click.Argument) else param.get_help_record(ctx)
            if record is not None:
                (output if isinstance(param, OutputOption) else own).append(record)
        for title, records in (("Options", own), ("Output options", output)):
            if records:
                with formatter.section(title):
                    formatter.write_dl(records)
