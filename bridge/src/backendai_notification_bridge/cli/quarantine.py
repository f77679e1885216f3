"""``quarantine``: entries of which no event could be made, and events that EventBridge refused."""

import json
from dataclasses import asdict

import click

from backendai_notification_bridge.cli.common import opened
from backendai_notification_bridge.cli.options import settings_options
from backendai_notification_bridge.settings import Settings
from backendai_notification_bridge.spool.quarantine import quarantined, retry

TEXT_LENGTH = 200


@click.group()
def quarantine() -> None:
    """Show, or try again, entries of which no event could be made and events that EventBridge refused."""


@quarantine.command("list")
@click.option("--limit", type=click.IntRange(min=1), default=100, show_default=True, help="So many at most.")
@click.option("--after", default=0, help="Only those with a higher number.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, a line each.")
@settings_options
def list_(settings: Settings, *, limit: int, after: int, as_json: bool) -> None:
    """List the quarantine, the oldest first."""
    with opened(settings.spool.file) as database, database.reading() as connection:
        found = quarantined(connection, after, limit)
    for each in found:
        at = each.at.isoformat(timespec="seconds")
        if as_json:
            click.echo(json.dumps({**asdict(each), "at": at}, ensure_ascii=False))
        else:
            click.echo(f"{each.number:>6}  {at}  {each.what}: {each.reason}")
            click.echo(f"        {each.text[:TEXT_LENGTH]}")
    if not found and not as_json:
        click.echo("The quarantine is empty.")


@quarantine.command("retry")
@click.argument("numbers", nargs=-1, type=int)
@click.option("--all", "all_", is_flag=True, help="All of them.")
@settings_options
def retry_(settings: Settings, *, numbers: tuple[int, ...], all_: bool) -> None:
    """Have some, or all, tried again; a bridge that runs does so within a second."""
    if bool(numbers) == all_:
        raise click.UsageError("Give numbers as `quarantine list` shows them, or --all.")
    with opened(settings.spool.file) as database, database.writing() as connection:
        count = retry(connection, None if all_ else list(numbers))
    click.echo(f"{count} will be tried again.")
    unknown = len(set(numbers)) - count
    if numbers and unknown:
        raise click.ClickException(
            f"{unknown} of the numbers are not in the quarantine: see `quarantine list`"
        )
