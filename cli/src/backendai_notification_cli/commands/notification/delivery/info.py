"""backend.ai notification delivery info."""

import click

from backendai_notification_cli.commands.notification.delivery.deliveries import DELIVERY_DETAIL, PATH
from backendai_notification_cli.http.service import connect
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.output import show_json
from backendai_notification_cli.terminal.subjects import ONE_DELIVERY


@click.command(
    epilog=examples(
        "notification delivery info 0b6d5a0e_660e8400",
        "notification delivery info 0b6d5a0e --jq '.attempts[].response'",
    )
)
@shows(DELIVERY_DETAIL)
@click.argument("delivery_id", type=ONE_DELIVERY)
def command(delivery_id: str) -> None:
    """Show a delivery with its attempts."""
    show_json(connect().item("delivery", "GET", f"{PATH}/{delivery_id}"))
