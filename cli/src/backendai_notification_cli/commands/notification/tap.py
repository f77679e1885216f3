"""The results of tests in the Test Anything Protocol, which CI systems read."""

import re
from collections.abc import Iterable
from itertools import chain, islice

import click

from backendai_notification_cli.terminal.choice import chosen
from backendai_notification_cli.terminal.counts import counted
from backendai_notification_cli.terminal.kinds import Kind
from backendai_notification_cli.terminal.output import show_all, success, warn
from backendai_notification_cli.terminal.visible import shortened, visible

RESULT = Kind(
    labels={"Name": "name", "Passed": "passed", "Fault": "fault"},
    nothing="No tests",
    fields=("name", "passed", "fault"),
    id="name",
)
"""The result of a test."""


def tell(count: int, results: Iterable[tuple[str, str | None]]) -> bool:
    """Print a line for each test as it ends; return whether all passed. A result: a name and what differs.

    With the options about the output, the results are a list like any other.
    """
    if chosen().structured:
        told = [{"name": name, "passed": fault is None, "fault": fault} for name, fault in results]
        show_all(told, RESULT)
        return all(result["passed"] for result in told)
    coming = iter(results)
    # What cannot be tested at all is an error before anything is printed.
    first = [*islice(coming, 1)]
    click.echo(f"1..{count}")
    failed = 0
    for number, (name, fault) in enumerate(chain(first, coming), 1):
        failed += fault is not None
        line = f"ok {number} - {visible(name)}"
        click.echo(_escaped(line if fault is None else f"not {line}: {shortened(visible(fault))}"))
    tests = counted(count, "test")
    if failed:
        warn(f"{failed} of {tests} failed")
    else:
        success(f"{tests} passed")
    return not failed


def _escaped(line: str) -> str:
    """Escape what would be a directive: a test that fails and has `# TODO` in its name counts as passed."""
    return re.sub(r"(\\*)#", r"\1\1\\#", line)
