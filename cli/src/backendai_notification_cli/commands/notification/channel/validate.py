"""backend.ai notification channel validate."""

import click

from backendai_notification_cli.http.service import connect
from backendai_notification_cli.terminal.inputs import FILE, exactly_one_of, require_id
from backendai_notification_cli.terminal.output import show_done, success
from backendai_notification_cli.terminal.surplus import MESSAGE_EXAMPLE, QuotedTextCommand


@click.command(cls=QuotedTextCommand, file_option="--data-file", example=MESSAGE_EXAMPLE)
@click.argument("channel_id")
@click.option("--data", help="Test message.")
@click.option("--data-file", type=FILE, help="Test message from a file (use '-' for stdin).")
def command(channel_id: str, data: str | None, data_file: str | None) -> None:
    """Test a channel by sending a test message.

    The message is really sent, even if the channel is disabled.
    """
    found = require_id(channel_id, "channel")
    message = exactly_one_of("--data", data, "--data-file", data_file)
    reply = connect().call("POST", f"/notifications/channels/{found}/validate", {"test_message": message})
    success(f"Channel validation successful: {found}")
    show_done(reply)
