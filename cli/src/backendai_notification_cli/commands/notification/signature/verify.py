"""backend.ai notification signature verify."""

import os
from collections.abc import Mapping
from datetime import UTC, datetime

import click

from backendai_notification_cli.commands.notification.signature.given import (
    SECRET_VARIABLE,
    secret_file_option,
    secrets_of,
)
from backendai_notification_cli.errors import CliError
from backendai_notification_cli.http.service import connect
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.inputs import FILE, checked, one_of, read_bytes
from backendai_notification_cli.terminal.numbers import Number
from backendai_notification_cli.terminal.output import show_done, success
from backendai_notification_cli.terminal.subjects import ONE_DELIVERY
from backendai_notification_cli.terminal.times import time_option

TOLERANCE = 300
DELIVERIES = "/notifications/deliveries"


@click.command(
    epilog=examples(
        "notification signature verify --secret whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw "
        "--id msg_p5jXN8AQM9LWM0D4loKWxJek --timestamp 1614265330 --signature "
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE= --body '{\"test\": 2432232314}' "
        "--at 2021-02-25T15:02:10Z",
        "notification signature verify --secret-file secret.txt --delivery 0b6d5a0e_660e8400",
    )
)
@click.option("--secret", multiple=True, help="Signing secret of the channel (repeatable).")
@secret_file_option
@click.option("--id", "webhook_id", help="Value of the header webhook-id.")
@click.option("--timestamp", help="Value of the header webhook-timestamp.")
@click.option("--signature", help="Value of the header webhook-signature.")
@click.option("--headers-file", type=FILE, help="The headers from a file of 'Name: value' ('-' for stdin).")
@click.option("--body", help="The body.")
@click.option("--body-file", type=FILE, help="The body from a file, byte for byte ('-' for stdin).")
@click.option(
    "--delivery",
    "delivery_id",
    metavar="DELIVERY",
    type=ONE_DELIVERY,
    help="Instead of headers and body: what was last sent for this delivery, as far as that is recorded.",
)
@click.option(
    "--tolerance",
    type=Number(0),
    default=TOLERANCE,
    show_default=True,
    metavar="SECONDS",
    help="How far the timestamp may be from the time of the check.",
)
@click.option(
    "--at",
    metavar="TIME",
    callback=checked(time_option),
    help="Check as of then: 30s, 15m, 24h, 7d (ago), or ISO 8601 (default: now).",
)
def command(
    *,
    secret: tuple[str, ...],
    secret_file: str | None,
    webhook_id: str | None,
    timestamp: str | None,
    signature: str | None,
    headers_file: str | None,
    body: str | None,
    body_file: str | None,
    delivery_id: str | None,
    tolerance: int,
    at: datetime | None,
) -> None:
    """Check the signature of a webhook that was received.

    Nothing is sent; --delivery reads what the service has recorded. Without --secret and --secret-file, the
    secrets are those in the environment's NOTIFICATION_SIGNING_SECRET. One signature that fits one secret is
    enough.
    """
    if delivery_id is not None:
        _refuse_with_delivery(webhook_id, timestamp, signature, headers_file, body, body_file, at)
        _check_recorded(delivery_id, _secrets(secret, secret_file))
        return
    if (secret_file, headers_file, body_file).count("-") > 1:
        raise click.UsageError("Only one of --secret-file, --headers-file and --body-file can be '-'.")
    _exactly_one({"--body": body, "--body-file": body_file})
    headers = {"webhook-id": webhook_id, "webhook-timestamp": timestamp, "webhook-signature": signature}
    given = next((value for value in headers.values() if value is not None), None)
    _exactly_one({"--id, --timestamp and --signature": given, "--headers-file": headers_file})
    secrets = _secrets(secret, secret_file)
    # hashlib loads OpenSSL, which --help can do without.
    from backendai_notification_cli.commands.notification.signature.signature_check import (
        check,
        parse_headers,
        received_with,
    )

    found = headers if headers_file is None else parse_headers(_header_lines(headers_file))
    content = (
        os.fsencode(one_of("--body", body, "--body-file", None) or "")
        if body_file is None
        else read_bytes(body_file)
    )
    check(received_with(found, content), secrets, int((at or datetime.now(UTC)).timestamp()), tolerance)
    success("Signature valid")
    show_done({"valid": True})


def _refuse_with_delivery(*given: object) -> None:
    if any(value is not None for value in given):
        raise click.UsageError("--delivery names headers, body and time, so it stands without them.")


def _check_recorded(delivery_id: str, secrets: list[str]) -> None:
    """Check a recorded delivery, of whatever age: nobody is to take it for new."""
    from backendai_notification_cli.commands.notification.signature import recorded, signature_check

    keys = signature_check.keys_of(secrets)
    told = recorded.told(connect().item("delivery", "GET", f"{DELIVERIES}/{delivery_id}"), keys)
    if told != recorded.RIGHT:
        raise CliError(told[:1].upper() + told[1:])
    success("Signature valid")
    show_done({"valid": True})


def _exactly_one(values: Mapping[str, str | None]) -> None:
    """Refuse two options of which both or neither is given."""
    given = [value is not None for value in values.values()]
    if all(given):
        raise click.UsageError(f"{' cannot be used together with '.join(values)}.")
    if not any(given):
        raise click.UsageError(f"Give {', or '.join(values)}.")


def _secrets(given: tuple[str, ...], path: str | None) -> list[str]:
    if given and path is not None:
        raise click.UsageError("--secret-file cannot be used together with --secret.")
    if given:
        return [secret.strip() for secret in given]
    secrets = secrets_of(path)
    if not secrets:
        raise click.UsageError(f"No secret: give --secret or --secret-file, or set {SECRET_VARIABLE}.")
    return secrets


def _header_lines(path: str) -> str:
    # The other headers of a message may hold any bytes.
    return read_bytes(path).decode("utf-8-sig", "surrogateescape")
