"""The bridge's commands."""

import click

from backendai_notification_bridge.cli.check import check, policy
from backendai_notification_bridge.cli.quarantine import quarantine
from backendai_notification_bridge.cli.run import run
from backendai_notification_bridge.cli.stats import stats
from backendai_notification_bridge.cli.tail import tail


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="backendai-notification-bridge")
def main() -> None:
    """Carry Backend.AI's events to Amazon EventBridge."""


main.add_command(check)
main.add_command(policy)
main.add_command(quarantine)
main.add_command(run)
main.add_command(stats)
main.add_command(tail)
