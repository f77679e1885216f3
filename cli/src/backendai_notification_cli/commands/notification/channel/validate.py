"""backend.ai notification channel validate."""

import click

from backendai_notification_cli.http.service import connect
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.inputs import FILE, one_of, only_given
from backendai_notification_cli.terminal.kinds import Kind, shows
from backendai_notification_cli.terminal.output import show_done, success
from backendai_notification_cli.terminal.subjects import ONE_CHANNEL
from backendai_notification_cli.terminal.surplus import MESSAGE_EXAMPLE, QuotedTextCommand


@click.command(
    cls=QuotedTextCommand,
    file_option="--data-file",
    example=MESSAGE_EXAMPLE,
    epilog=examples('notification channel validate Ops --data \'{"text": "Hello"}\''),
)
@shows(Kind(labels={}, fields=("channel_id",), id="channel_id"))
@click.argument("channel_id", metavar="CHANNEL", type=ONE_CHANNEL)
@click.option("--data", help="Test message.")
@click.option("--data-file", type=FILE, help="Test message from a file (use '-' for stdin).")
def command(channel_id: str, data: str | None, data_file: str | None) -> None:
    """Test a channel by sending a test message.

    The message is really sent, even if the channel is disabled. Without a message, email and channels
    with a preset send a sample.
    """
    body = only_given(test_message=one_of("--data", data, "--data-file", data_file))
    reply = connect().call("POST", f"/notifications/channels/{channel_id}/validate", body)
    success(f"Channel validation successful: {channel_id}")
    show_done(reply)
