"""backend.ai notification config plan."""

from typing import TYPE_CHECKING, Any

import click

from backendai_notification_cli.commands.notification.config.kinds import PLAN
from backendai_notification_cli.commands.notification.config.options import (
    aws_options,
    file_argument,
    no_prune_option,
)
from backendai_notification_cli.commands.notification.config.sources import AwsOptions
from backendai_notification_cli.exits import ExitCode
from backendai_notification_cli.terminal.command import Command
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.output import show_lines, show_reply, success

if TYPE_CHECKING:
    from backendai_notification_cli.commands.notification.config.configuration import Configuration


class PlanCommand(Command):
    """A command whose --detailed-exitcode leaves 2 to plans with changes."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments; a wrong call is a failure, so that nobody takes it for a plan."""
        detailed = "--detailed-exitcode" in args
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            if detailed:
                vars(error)["exit_code"] = ExitCode.FAILURE  # click declares it the class's
            raise


@click.command(
    cls=PlanCommand,
    epilog=examples(
        "notification config plan prod.yaml",
        "notification config plan prod.yaml --out prod.plan --detailed-exitcode",
    ),
)
@shows(PLAN)
@file_argument
@no_prune_option
@click.option("--out", metavar="PLANFILE", help="Keep the plan in a file, for 'config apply --plan'.")
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 2 if there are changes, and 0 if not.")
@aws_options
@click.pass_context
def command(
    context: click.Context,
    *,
    file: str,
    no_prune: bool,
    out: str | None,
    detailed_exitcode: bool,
    aws: AwsOptions,
) -> None:
    """Show what applying a file would change.

    Nothing is changed. What a file refers to, as in ${env:SLACK_URL}, is looked up here and never shown.
    """
    from backendai_notification_cli.commands.notification.config import configuration, plan_file, plans

    if out is not None:
        plan_file.require_other(out, file)
    read = configuration.load(file, aws)
    plan = planned(read, prune=not no_prune)
    show_reply(plan, lambda: show_lines(plans.lines(plan)))
    if out is not None:
        plan_file.write(out, plan_file.kept(read, plan, prune=not no_prune))
        success(f"Plan kept: {out}")
    if detailed_exitcode and plan["changes"]:
        context.exit(ExitCode.CHANGES)


def planned(configuration: "Configuration", *, prune: bool) -> dict[str, Any]:
    """Have the service plan; return the plan as it may be shown."""
    from backendai_notification_cli.commands.notification.config import asking, plans

    reply = asking.asked(configuration, "plan", {"prune": prune})
    return plans.without_secrets(reply, configuration)
