"""The root of the command tree."""

import os
import sys
from contextlib import suppress
from io import TextIOWrapper

import click

from backendai_notification_cli import __version__
from backendai_notification_cli.errors import CliError
from backendai_notification_cli.exits import ExitCode
from backendai_notification_cli.lazy import LazyGroup
from backendai_notification_cli.visible import shortened

PROGRAM = "backend.ai"
WIDEST = 80


def help_width() -> int:
    """Fit help to the terminal as click does, but without shutil: its import is 5 % of `--help`."""
    try:
        columns = int(os.environ.get("COLUMNS", "")) or WIDEST
    except ValueError:
        try:
            columns = os.get_terminal_size().columns or WIDEST
        except OSError:
            columns = WIDEST
    return max(min(columns, WIDEST) - 2, 50)


root = LazyGroup(
    name=PROGRAM,
    package="backendai_notification_cli.commands",
    subcommands={
        "notification": "Manage notification channels, rules and events.",
        "configure": "Point the command line at a deployed stack.",
        "completion": "Print the completion script for a shell.",
    },
    help="The command line of Backend.AI's notification service.",
    context_settings={"terminal_width": help_width()},
)
click.version_option(__version__, prog_name=PROGRAM)(root)


def main() -> int:
    """Run the program and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A terminal that cannot show a character gets its escape, not a traceback.
            stream.reconfigure(errors="backslashreplace")
    try:
        return _run()
    except OSError as error:
        # Commands explain the errors of files and of the network; what is left and names no file is output.
        if error.filename is not None:
            raise
        return _without_output(error)


def _run() -> int:
    try:
        result = root.main(prog_name=PROGRAM, standalone_mode=False)
    except click.Abort:
        return ExitCode.INTERRUPTED
    except click.ClickException as error:
        vars(error)["message"] = shortened(error.message)  # click declares it final
        error.show()
        return error.exit_code
    return result if isinstance(result, int) else ExitCode.OK


def _without_output(error: OSError) -> int:
    """Say that the output cannot be written, and keep Python from trying again when it ends."""
    with suppress(OSError):
        CliError(f"Cannot write the output: {error.strerror or error}").show()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            os.dup2(nowhere, stream.fileno())
    return ExitCode.FAILURE
