"""backend.ai notification mute create."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import click

from backendai_notification_cli.commands.notification.mute.mutes import MUTE, PATH
from backendai_notification_cli.commands.notification.mute.times import (
    parse_length,
    parse_until,
    shown_time,
    with_zone,
)
from backendai_notification_cli.http.service import connect
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.inputs import checked, only_given
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.output import show_changed, success, warn
from backendai_notification_cli.terminal.subjects import CLAUSE, ONE_CHANNEL, ONE_RULE, RULE_TYPE
from backendai_notification_cli.terminal.times import timestamp


@click.command(
    epilog=examples(
        "notification mute create --channel Ops --until 06:00 --reason 'Night shift'",
        "notification mute create --rule Started --for 2h --reason 'Being repaired' --hold",
        "notification mute create --where session_type=batch --reason Weekends --weekly "
        "'sat,sun 00:00-24:00 Asia/Seoul'",
    )
)
@shows(MUTE)
@click.option("--reason", required=True, help="Why; it is told with each delivery that is kept back.")
@click.option("--rule", "rule_id", metavar="RULE", type=ONE_RULE, help="Only what this rule sends.")
@click.option("--channel", "channel_id", metavar="CHANNEL", type=ONE_CHANNEL, help="Only this channel.")
@click.option("--rule-type", metavar="RULE_TYPE", type=RULE_TYPE, help="Only events of this type.")
@click.option(
    "--where",
    multiple=True,
    metavar="CLAUSE",
    type=CLAUSE,
    help="Only events with such a field, as in 'status=ERROR' (repeatable: all must hold).",
)
@click.option("--everything", is_flag=True, help="All that is sent; instead of the options above.")
@click.option(
    "--for", "length", metavar="TIME", callback=checked(parse_length), help="For so long: 30m, 2h, 7d."
)
@click.option(
    "--until",
    metavar="TIME",
    callback=checked(parse_until),
    help="Until then: 06:00 (when clocks here show it next), or ISO 8601 (local time if it names no zone).",
)
@click.option(
    "--weekly",
    multiple=True,
    metavar="WINDOW",
    help="Only in such windows, as 'mon-fri 22:00-07:00 Asia/Seoul' (repeatable).",
)
@click.option("--hold", is_flag=True, help="Send what is kept back when the mute ends or pauses.")
def command(
    *,
    reason: str,
    rule_id: str | None,
    channel_id: str | None,
    rule_type: str | None,
    where: Sequence[str],
    everything: bool,
    length: datetime | None,
    until: datetime | None,
    weekly: Sequence[str],
    hold: bool,
) -> None:
    """Keep messages back for a while.

    All that is named must fit: a rule, a channel, an event type, fields of events. What would be sent is
    skipped, or with --hold sent later. A mute ends within 30 days, with --hold within 14, unless it is
    weekly.
    """
    if length is not None and until is not None:
        raise click.UsageError("Give either --for or --until.")
    end = length or until
    if end is None and not weekly:
        raise click.UsageError("Say for how long: give --for, --until or --weekly.")
    named = only_given(rule_id=rule_id, channel_id=channel_id, rule_type=rule_type, where=list(where) or None)
    if everything == bool(named):
        raise click.UsageError(
            "Give --rule, --channel, --rule-type or --where, or else --everything, but not both."
        )
    windows = [with_zone(window) for window in weekly]
    body = {
        **named,
        **only_given(everything=everything or None, hold=hold or None, until=end and timestamp(end)),
        **only_given(weekly=windows or None),
        "reason": reason,
    }
    mute = connect().item("mute", "POST", PATH, body)
    success(f"Mute created: {mute.get('id')}")
    if mute.get("changes_at") is None:
        warn("It keeps nothing back: it ends before one of its windows begins")
    else:
        success(_told(mute))
    for window in windows:
        if window not in weekly:
            success(f"In the time zone of this machine: {window}")
    show_changed(mute)


def _told(mute: Mapping[str, Any]) -> str:
    """Say from when until when, in the time of this machine."""
    changes = shown_time(mute.get("changes_at"), datetime.now(UTC))
    return f"In force {'until' if mute.get('state') == 'in_force' else 'from'} {changes}"
