"""backend.ai notification config test."""

import click

from backendai_notification_cli.commands.notification.config.options import aws_options, file_argument
from backendai_notification_cli.commands.notification.config.sources import AwsOptions
from backendai_notification_cli.exits import ExitCode
from backendai_notification_cli.terminal.examples import examples


@click.command(epilog=examples("notification config test prod.yaml"))
@file_argument
@aws_options
@click.pass_context
def command(context: click.Context, *, file: str, aws: AwsOptions) -> None:
    """Run the tests of a file with the file's own rules.

    Nothing is sent or written. Each test is a line of the Test Anything Protocol. The exit code is 3 if one
    fails.
    """
    from backendai_notification_cli.commands.notification import tap
    from backendai_notification_cli.commands.notification.config import asking, configuration

    read = configuration.load(file, aws)
    if not read.given.get(configuration.TESTS):
        raise read.document.fault((), "has no `tests:`, a list of events and the rules that they fire")
    reply = asking.asked(read, "test", {configuration.TESTS: read.body[configuration.TESTS]})
    results = [
        (str(each.get("name")), read.hidden.text("; ".join(map(str, each.get("faults") or ()))) or None)
        for each in reply.get("tests") or ()
    ]
    if not tap.tell(len(results), results):
        context.exit(ExitCode.NO)
