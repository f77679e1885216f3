"""The errors of commands, shown to people."""

from collections.abc import Mapping
from typing import IO, Any

import click

from backendai_notification_cli.exits import ExitCode
from backendai_notification_cli.terminal.visible import shortened, visible

TOO_MANY_REQUESTS = 429
SERVER_ERROR = 500


class CliError(click.ClickException):
    """A foreseen failure: shown on stderr as one `✗` line, and its details."""

    exit_code = ExitCode.FAILURE

    def __init__(self, message: str, *details: str) -> None:
        super().__init__(message)
        self.details = details

    def show(self, file: IO[Any] | None = None) -> None:
        """Write the message to stderr, and its details on lines of their own."""
        lines = (f"✗ {self.message}", *(f"  {detail}" for detail in self.details))
        click.echo("\n".join(shortened(visible(line)) for line in lines), file=file, err=True)


class Unreachable(CliError):
    """No response came, or none that is HTTP."""


class Refused(CliError):
    """The service responded with a status that refuses the request.

    ``served``: its own words for why. ``problem``: its whole document.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *details: str,
        served: str | None = None,
        problem: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message, *details)
        self.status = status
        self.problem = problem or {}
        self.served = message if served is None else served

    @property
    def throttled(self) -> bool:
        """Whether the reason is only too many requests."""
        return self.status == TOO_MANY_REQUESTS

    @property
    def passing(self) -> bool:
        """Whether the same request may succeed later."""
        return self.throttled or self.status >= SERVER_ERROR
