"""backend.ai completion."""

import click
from click.shell_completion import get_completion_class

from backendai_notification_cli.cli import PROGRAM, root
from backendai_notification_cli.errors import CliError
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.kinds import Kind, shows
from backendai_notification_cli.terminal.output import show_reply

VARIABLE = "_BACKEND_AI_COMPLETE"
# Click's scripts for zsh and fish run the program by its name; `./backend.ai` is not on the PATH,
# so run what was typed, as the script for bash does.
AS_TYPED = {
    # A name may have spaces, and bash inserts what it is given as it is.
    "bash": (("COMPREPLY+=($value)", 'COMPREPLY+=("$(printf %q "$value")")'),),
    "zsh": (
        (
            f"(( ! $+commands[{PROGRAM}] )) && return 1",
            '[[ -x "${words[1]}" ]] || (( $+commands[${words[1]}] )) || return 1',
        ),
        (f"zsh_complete {PROGRAM}", 'zsh_complete "${words[1]}"'),
    ),
    "fish": ((f"(commandline -t) {PROGRAM}", "(commandline -t) (commandline -opc)[1]"),),
}


@click.command(epilog=examples("completion zsh > ~/.zfunc/_backend.ai"))
@shows(Kind(labels={}, fields=("shell", "script")))
@click.argument("shell", metavar="SHELL", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print the completion script for a shell.

    For bash, put this into ~/.bashrc: eval "$(./backend.ai completion bash)". It completes names and IDs
    of the service too, which are kept for half a minute.
    """
    completion_class = get_completion_class(shell)
    if completion_class is None:
        raise CliError(f"There is no completion for {shell}")
    script = completion_class(root, {}, PROGRAM, VARIABLE).source()
    for general, as_typed in AS_TYPED.get(shell, ()):
        script = script.replace(general, as_typed)
    show_reply({"shell": shell, "script": script}, lambda: click.echo(script))
