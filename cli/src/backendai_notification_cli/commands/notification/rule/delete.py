"""backend.ai notification rule delete."""

import click

from backendai_notification_cli.http.service import WITH_CUSTOM, connect
from backendai_notification_cli.terminal.output import show_done, success
from backendai_notification_cli.terminal.subjects import ONE_RULE


@click.command()
@click.argument("rule_id", metavar="RULE", type=ONE_RULE)
def command(rule_id: str) -> None:
    """Delete a rule."""
    reply = connect().call("DELETE", f"/notifications/rules/{rule_id}{WITH_CUSTOM}")
    success(f"Rule deleted: {rule_id}")
    show_done({"id": rule_id, **reply})
