"""backend.ai notification delivery info."""

import click

from backendai_notification_cli.deliveries import PATH
from backendai_notification_cli.inputs import require_delivery_id
from backendai_notification_cli.output import show_json
from backendai_notification_cli.service import connect


@click.command()
@click.argument("delivery_id")
def command(delivery_id: str) -> None:
    """Show a delivery with its attempts."""
    show_json(connect().item("delivery", "GET", f"{PATH}/{require_delivery_id(delivery_id)}"))
