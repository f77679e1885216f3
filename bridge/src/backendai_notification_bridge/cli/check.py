"""``check``: whether everything that the bridge needs is there."""

import sys

import click

from backendai_notification_bridge.bus_policy import policy as policy_text
from backendai_notification_bridge.checking import bus, manager, spool, valkey
from backendai_notification_bridge.checking.finding import Finding, Level
from backendai_notification_bridge.cli.options import settings_options
from backendai_notification_bridge.cli.run import endpoint_of
from backendai_notification_bridge.settings import Settings

MARKS = {"good": "✓", "limited": "!", "missing": "✗"}


@click.command()
@settings_options
def check(settings: Settings) -> None:
    """Look at each connection and say what is missing; ends with 1 if anything is.

    It puts one event of the source backendai-notification-bridge.check on the bus, which no rule takes.
    """
    looks = (
        valkey.look(endpoint_of(settings.valkey)),
        manager.look(settings.sessions()),
        spool.look(settings.spool),
    )
    levels = [_tell(finding) for look in looks for finding in look]
    on_bus = [_tell(finding) for finding in bus.look(settings.bus)]
    if "missing" in on_bus:
        click.echo("\nThe bridge's role or user needs this IAM policy:")
        click.echo(policy_text(bus.arn_of(settings.bus)))
    sys.exit(1 if "missing" in levels + on_bus else 0)


def _tell(finding: Finding) -> Level:
    click.echo(f"{MARKS[finding.level]} {finding.text}")
    return finding.level


@click.command()
@settings_options
def policy(settings: Settings) -> None:
    """Print the IAM policy that the bridge needs."""
    click.echo(policy_text(bus.arn_of(settings.bus)))
