"""backend.ai notification config apply."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from backendai_notification_cli.commands.notification.config.kinds import APPLIED
from backendai_notification_cli.commands.notification.config.options import (
    aws_options,
    file_argument,
    no_prune_option,
)
from backendai_notification_cli.commands.notification.config.plan import planned
from backendai_notification_cli.commands.notification.config.sources import AwsOptions
from backendai_notification_cli.errors import CliError
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.inputs import FILE, can_ask_for_confirmation
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.numbers import Number
from backendai_notification_cli.terminal.output import show_reply, success

if TYPE_CHECKING:
    from backendai_notification_cli.commands.notification.config.applying import Applied
    from backendai_notification_cli.commands.notification.config.configuration import Configuration
    from backendai_notification_cli.commands.notification.config.plan_file import KeptPlan

FREE_DELETIONS = 3
"""So many objects may be deleted without --allow-deletions, even if that is most of the set."""


@click.command(
    epilog=examples(
        "notification config apply prod.yaml --yes",
        "notification config apply prod.yaml --plan prod.plan --yes",
    )
)
@shows(APPLIED)
@file_argument
@click.option("--plan", "plan_path", metavar="PLANFILE", type=FILE, help="Apply only what this plan shows.")
@no_prune_option
@click.option("--yes", is_flag=True, help="Do not ask for confirmation; without a terminal it is needed.")
@click.option(
    "--allow-deletions",
    metavar="N",
    type=Number(0),
    default=FREE_DELETIONS,
    help="Delete up to N objects even if that is more than half of the set.",
)
@click.option(
    "--show-signing-secrets",
    is_flag=True,
    help="Print the signing secrets of new channels: not where the output is kept, as in CI.",
)
@aws_options
def command(
    *,
    file: str,
    plan_path: str | None,
    no_prune: bool,
    yes: bool,
    allow_deletions: int,
    show_signing_secrets: bool,
    aws: AwsOptions,
) -> None:
    """Make the service what a file says.

    The plan is shown first, and somebody at a terminal is asked. Exits with 4 while another applies the set.
    """
    from backendai_notification_cli.commands.notification.config import applying, configuration

    approved = _approved(plan_path, no_prune=no_prune)
    prune = not no_prune if approved is None else approved.prune
    read = configuration.load(file, aws)
    plan = planned(read, prune=prune)
    if approved is not None:
        _check(approved, read, plan)
    _tell(plan)
    if plan["changes"]:
        _guard(plan, allow_deletions)
        _confirm(yes=yes)
    made: list[applying.Applied] = []
    try:
        if plan["changes"]:
            applying.apply(read, plan, made, prune=prune)
    except BaseException:
        if made:
            _report(read, plan, made, secrets=show_signing_secrets)
        raise
    _report(read, plan, made, secrets=show_signing_secrets)
    if made:
        success(f"Applied '{read.set}': {applying.done(made)}")


def _report(read: "Configuration", plan: dict[str, Any], made: "Sequence[Applied]", *, secrets: bool) -> None:
    """Show what was done, even after a failure, because secrets that are shown only once must not be lost."""
    from backendai_notification_cli.commands.notification.config import applying

    told = applying.shown(made, secrets=secrets)
    reply = {"set": read.set, "applied": told, "unchanged": plan["unchanged"]}
    # Not through the pager: what was done, and secrets that are shown once, stay on the terminal.
    show_reply(reply, lambda: click.echo("\n".join(applying.lines(told))) if told else None)
    applying.tell_secrets(read, made, shown=secrets)


def _approved(path: str | None, *, no_prune: bool) -> "KeptPlan | None":
    if path is None:
        return None
    if no_prune:
        raise click.UsageError("--plan says itself whether others are kept: leave out --no-prune.")
    from backendai_notification_cli.commands.notification.config import plan_file

    return plan_file.read(path)


def _check(approved: "KeptPlan", read: "Configuration", plan: dict[str, Any]) -> None:
    from backendai_notification_cli.commands.notification.config import plan_file

    approved.check(plan_file.kept(read, plan, prune=approved.prune))


def _tell(plan: dict[str, Any]) -> None:
    """Show the plan on stderr, since stdout is for what was done."""
    from backendai_notification_cli.commands.notification.config import plans

    for line in plans.lines(plan):
        click.echo(line, err=True)


def _guard(plan: dict[str, Any], allowed: int) -> None:
    """Refuse to delete most of a set: the file may be the wrong one, or half of one."""
    stored = [change for change in plan["changes"] if change["action"] != "create"]
    deleted = sum(change["action"] == "delete" for change in stored)
    there_are = len(stored) + int(plan["unchanged"])
    if deleted > allowed and 2 * deleted > there_are:
        raise CliError(
            f"This would delete {deleted} of the {there_are} objects of the set '{plan['set']}'",
            f"If that is meant, give --allow-deletions {deleted}",
        )


def _confirm(*, yes: bool) -> None:
    if yes:
        return
    if not can_ask_for_confirmation():
        raise CliError("Nothing was applied: there is no terminal to ask at, so give --yes")
    if not click.confirm("Apply?", err=True):
        raise CliError("Nothing was applied")
