"""backend.ai notification rule validate."""

import click

from backendai_notification_cli.inputs import FILE, exactly_one_of, json_object, require_id
from backendai_notification_cli.output import show_text, success
from backendai_notification_cli.service import WITH_CUSTOM, connect
from backendai_notification_cli.surplus import DATA_EXAMPLE, QuotedTextCommand


@click.command(cls=QuotedTextCommand, file_option="--data-file", example=DATA_EXAMPLE)
@click.argument("rule_id")
@click.option("--data", help="Sample message fields as a JSON object.")
@click.option("--data-file", type=FILE, help="Sample message fields from a JSON file (use '-' for stdin).")
def command(rule_id: str, data: str | None, data_file: str | None) -> None:
    """Test a rule by rendering its template with sample data.

    Nothing is sent.
    """
    found = require_id(rule_id, "rule")
    sample = json_object(exactly_one_of("--data", data, "--data-file", data_file))
    path = f"/notifications/rules/{found}/validate{WITH_CUSTOM}"
    message = connect().text("message", "POST", path, {"notification_data": sample})
    success(f"Rule validation successful: {found}")
    click.echo("\nMessage:")
    show_text(message)
    if not message.strip():
        success("The message is empty: nothing is sent for such an event, its delivery is skipped")
