"""backend.ai configure."""

import click

from backendai_notification_cli.aws.stack_options import stack_options
from backendai_notification_cli.http import profiles
from backendai_notification_cli.terminal import profile_names
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.lazy import LazyGroup


@click.group(
    cls=LazyGroup,
    epilog=examples("configure --stack-name notifications --profile prod", "configure list"),
    package=__name__,
    subcommands={
        "list": "List the profiles and where each leads.",
        "use": "Choose the profile of commands that name none.",
        "show": "Show a profile and where it is kept; the secret is masked.",
    },
    invoke_without_command=True,
    subcommand_metavar="[COMMAND] [ARGS]...",
)
@stack_options
@click.option(
    profiles.OPTION,
    metavar="NAME",
    shell_complete=profile_names.offered,
    help="The profile to store under, or to clear (default: the one that is called default).",
)
@click.option("--show", is_flag=True, help="The same as 'configure show'.")
@click.option("--clear", is_flag=True, help="Remove the profile.")
@click.pass_context
def command(
    context: click.Context,
    *,
    stack_name: str | None,
    region: str | None,
    aws_profile: str | None,
    profile: str | None,
    show: bool,
    clear: bool,
) -> None:
    """Point the command line at a deployed stack.

    Reads the stack's outputs and its keypair, and stores them under a profile that only you can read.
    """
    if context.invoked_subcommand is not None:
        if stack_name is not None or profile is not None or show or clear:
            raise click.UsageError(f"Give the options of configure without '{context.invoked_subcommand}'.")
        return
    if [stack_name is not None, show, clear].count(True) != 1:
        raise click.UsageError("Give exactly one of --stack-name, --show and --clear, or a command.")
    from backendai_notification_cli.commands.configure import storing

    named = profiles.named()
    name = profiles.checked(profile) if profile else named.name if named else None
    if show:
        storing.show(name)
    elif clear:
        storing.clear(name or profiles.DEFAULT)
    elif stack_name is not None:
        storing.store(name or profiles.DEFAULT, stack_name, region, aws_profile)
