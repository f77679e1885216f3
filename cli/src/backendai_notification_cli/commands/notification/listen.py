"""backend.ai notification listen."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import click

from backendai_notification_cli.commands.notification.delivery.deliveries import DELIVERY_DETAIL
from backendai_notification_cli.commands.notification.event.events import where_option
from backendai_notification_cli.commands.notification.signature.given import secret_file_option, secrets_of
from backendai_notification_cli.commands.notification.unknown import warn_of_unknown
from backendai_notification_cli.errors import CliError, Refused
from backendai_notification_cli.http.service import connect
from backendai_notification_cli.terminal.counts import counted
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.inputs import only_given
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.output import show_streamed, success
from backendai_notification_cli.terminal.polling import polled
from backendai_notification_cli.terminal.subjects import ONE_CHANNEL, RULE_TYPE
from backendai_notification_cli.terminal.times import local_time
from backendai_notification_cli.terminal.visible import visible

if TYPE_CHECKING:
    from backendai_notification_cli.commands.notification.listening.standing import Standing
    from backendai_notification_cli.http.api import Api

TAIL = "/notifications/events/tail"
DELIVERIES = "/notifications/deliveries"
BAD_REQUEST, NOT_FOUND = 400, 404

HEARD = replace(DELIVERY_DETAIL, fields=(*DELIVERY_DETAIL.fields, "outcome"))
"""A delivery that was shown or posted again, and what came of it."""


@click.command(
    epilog=examples(
        "notification listen --forward-to http://localhost:3000/hook",
        "notification listen --channel Ops --type session.terminated",
        "notification listen --channel Ops --secret-file secret.txt",
    )
)
@shows(HEARD)
@click.option("--channel", metavar="CHANNEL", type=ONE_CHANNEL, help="Only what was sent to this channel.")
@click.option("--type", "rule_type", metavar="RULE_TYPE", type=RULE_TYPE, help="Only of events of this type.")
@where_option
@click.option(
    "--forward-to", metavar="URL", help="Post each message there, such as http://localhost:3000/hook."
)
@click.option("--allow-external", is_flag=True, help="Let --forward-to be on another machine.")
@secret_file_option
@click.option(
    "--from-now", is_flag=True, help="Begin now, not where the last listener with these options stopped."
)
def command(
    *,
    channel: str | None,
    rule_type: str | None,
    where: Sequence[str],
    forward_to: str | None,
    allow_external: bool,
    secret_file: str | None,
    from_now: bool,
) -> None:
    """Follow webhooks, and post them again to a receiver that you develop.

    Each recorded message is posted as it was, with its webhook-id, signed with a secret that is shown at the
    beginning. Without --forward-to each is shown, and how it was signed when it was sent. Whether a channel's
    secret signed it is checked if that is in --secret-file, or in the environment's
    NOTIFICATION_SIGNING_SECRET. The next listener with the same options resumes where this one stopped.
    """
    from backendai_notification_cli.commands.notification.listening import forwarding, standing
    from backendai_notification_cli.commands.notification.signature import recorded, signature_check

    api = connect()
    wanted = only_given(where=list(where) or None, rule_type=rule_type)
    if forward_to is None and allow_external:
        raise click.UsageError("--allow-external is for --forward-to.")
    if forward_to is not None and secret_file is not None:
        raise click.UsageError("--secret-file checks what was sent, so it is not for --forward-to.")
    keys = [] if forward_to is not None else signature_check.keys_of(secrets_of(secret_file))
    if forward_to is not None:
        forwarding.checked_target(forward_to, allow_external=allow_external)
    key = {**wanted, **only_given(channel=channel, forward_to=forward_to)}
    at = standing.load(api.settings.endpoint, key, afresh=from_now)
    forwarder = None if forward_to is None else forwarding.Forwarder(forward_to, at.secret)
    warn_of_unknown(api, {**wanted, **only_given(channel=channel)})
    _begin(at, forward_to, len(keys))
    for delivery in _deliveries(api, wanted, channel, at):
        told = recorded.told(delivery, keys) if forwarder is None else forwarder.post(delivery)
        show_streamed({**delivery, "outcome": told}, _line(delivery, told))
        at.finish(str(delivery.get("id")))


def _begin(at: "Standing", forward_to: str | None, secrets: int) -> None:
    if forward_to is not None:
        # Also with -q: the receiver needs the secret, and it is told nowhere else.
        click.echo(f"✓ Posting to {visible(forward_to)}, signed with {at.secret}", err=True)
    if secrets:
        success(f"Checking signatures with {counted(secrets, 'secret')}")
    success("Resuming where the last listener stopped" if at.position else "Listening from now on")


def _deliveries(
    api: "Api", wanted: Mapping[str, Any], channel: str | None, at: "Standing"
) -> Iterator[Mapping[str, Any]]:
    """Yield each webhook with its message; the position moves on when a whole page has been processed."""

    def ask() -> Iterator[Mapping[str, Any]]:
        more = True
        while more:
            reply = _read_on(api, wanted, at.position)
            events, more = api.objects(reply, "events"), bool(api.value(reply, "more"))
            for event in events:
                for delivery_id in _ids(api, event, channel):
                    if delivery_id not in at.done:
                        yield from _with_message(api, delivery_id)
            at.move(str(api.value(reply, "position")))

    yield from polled(ask)


def _read_on(api: "Api", wanted: Mapping[str, Any], position: str | None) -> dict[str, Any]:
    try:
        return api.call("POST", TAIL, {**wanted, "position": position})
    except Refused as refused:
        # A position of another release, or of another stack at the same endpoint, cannot be read.
        if position is None or refused.status != BAD_REQUEST:
            raise
        again = "If that is where it stopped: --from-now begins anew."
        raise CliError(refused.message, *refused.details, again) from None


def _ids(api: "Api", event: Mapping[str, Any], channel: str | None) -> Iterator[str]:
    event_id = str(event.get("id"))
    if event.get("more_deliveries"):
        found = api.records("deliveries", DELIVERIES, {"event": event_id})
    else:
        found = iter(api.objects(event, "deliveries"))
    for delivery in found:
        if channel is None or delivery.get("channel_id") == channel:
            yield f"{event_id}_{delivery.get('rule_id')}"


def _with_message(api: "Api", delivery_id: str) -> Iterator[Mapping[str, Any]]:
    """Read a delivery; nothing if it has no message, or is an email."""
    try:
        delivery = api.item("delivery", "GET", f"{DELIVERIES}/{quote(delivery_id, safe='')}")
    except Refused as refused:
        if refused.status != NOT_FOUND:  # its record has expired
            raise
        return
    methods = {attempt.get("method") for attempt in delivery.get("attempts") or ()}
    if delivery.get("message") is not None and methods != {"MAIL"}:
        yield delivery


def _line(delivery: Mapping[str, Any], told: str) -> str:
    created = local_time(str(delivery.get("created_at")))
    parts = (created, *(delivery.get(key) for key in ("status", "rule_type", "id")), told)
    return "  ".join(visible(part) for part in parts)
