"""backend.ai notification rule delete."""

import click

from backendai_notification_cli.http.service import WITH_CUSTOM, connect
from backendai_notification_cli.terminal.inputs import require_id
from backendai_notification_cli.terminal.output import show_done, success


@click.command()
@click.argument("rule_id")
def command(rule_id: str) -> None:
    """Delete a rule."""
    found = require_id(rule_id, "rule")
    reply = connect().call("DELETE", f"/notifications/rules/{found}{WITH_CUSTOM}")
    success(f"Rule deleted: {found}")
    show_done({"id": found, **reply})
