"""The one error that commands raise for people."""

from typing import IO, Any

import click

from backendai_notification_cli.exits import ExitCode
from backendai_notification_cli.visible import visible


class CliError(click.ClickException):
    """A failure that was foreseen: shown as one `✗` line (and what belongs to it) on stderr."""

    exit_code = ExitCode.FAILURE

    def __init__(self, message: str, *details: str) -> None:
        super().__init__(message)
        self.details = details

    def show(self, file: IO[Any] | None = None) -> None:
        """Write the message to stderr, and its details on lines of their own."""
        lines = (f"✗ {self.message}", *(f"  {detail}" for detail in self.details))
        click.echo("\n".join(map(visible, lines)), file=file, err=True)
