"""The one error that commands raise for people."""

from typing import IO, Any

import click

from backendai_notification_cli.exits import ExitCode


class CliError(click.ClickException):
    """A failure that was foreseen: shown as one `✗` line (and what belongs to it) on stderr."""

    exit_code = ExitCode.FAILURE

    def show(self, file: IO[Any] | None = None) -> None:
        """Write the message to stderr."""
        click.echo(f"✗ {self.message}", file=file, err=True)
