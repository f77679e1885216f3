"""backend.ai notification config test."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from backendai_notification_cli.commands.notification import tap
from backendai_notification_cli.commands.notification.config.options import aws_options, file_argument
from backendai_notification_cli.commands.notification.config.sources import AwsOptions
from backendai_notification_cli.exits import ExitCode
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.kinds import shows

if TYPE_CHECKING:
    from backendai_notification_cli.commands.notification.config.configuration import Configuration


@click.command(epilog=examples("notification config test prod.yaml"))
@file_argument
@aws_options
@click.pass_context
@shows(tap.RESULT)
def command(context: click.Context, *, file: str, aws: AwsOptions) -> None:
    """Run the tests of a file with the file's own rules.

    Nothing is sent or written. Each test is a line of the Test Anything Protocol. The exit code is 3 if one
    fails.
    """
    from backendai_notification_cli.commands.notification.config import configuration

    read = configuration.load(file, aws)
    tests = read.given.get(configuration.TESTS)
    if not tests:
        raise read.document.fault((), "has no `tests:`, a list of events and the rules that they fire")
    count = len(tests) if isinstance(tests, list) else 0
    if not tap.tell(count, _results(read)):
        context.exit(ExitCode.NO)


def _results(read: "Configuration") -> Iterator[tuple[str, str | None]]:
    """Yield the name of each test and its differences, page by page."""
    from backendai_notification_cli.commands.notification.config import asking

    first: object = 0
    while first is not None:
        reply = asking.asked(read, "test", {"tests": read.body["tests"], "first": first})
        for each in reply.get("tests") or ():
            faults = "; ".join(map(str, each.get("faults") or ()))
            yield read.hidden.text(str(each.get("name"))), read.hidden.text(faults) or None
        first = reply.get("next")
