"""backend.ai notification signature verify."""

import os
from collections.abc import Mapping
from datetime import UTC, datetime

import click

from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.inputs import FILE, checked, one_of, read_bytes, read_text
from backendai_notification_cli.terminal.output import show_done, success
from backendai_notification_cli.terminal.times import time_option

SECRET_VARIABLE = "NOTIFICATION_SIGNING_SECRET"  # noqa: S105 - the variable's name, not a secret
TOLERANCE = 300


@click.command(
    epilog=examples(
        "notification signature verify --secret whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw "
        "--id msg_p5jXN8AQM9LWM0D4loKWxJek --timestamp 1614265330 --signature "
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE= --body '{\"test\": 2432232314}' "
        "--at 2021-02-25T15:02:10Z"
    )
)
@click.option("--secret", multiple=True, help="Signing secret of the channel (repeatable).")
@click.option("--secret-file", type=FILE, help="Signing secrets from a file, one per line ('-' for stdin).")
@click.option("--id", "webhook_id", help="Value of the header webhook-id.")
@click.option("--timestamp", help="Value of the header webhook-timestamp.")
@click.option("--signature", help="Value of the header webhook-signature.")
@click.option("--headers-file", type=FILE, help="The headers from a file of 'Name: value' ('-' for stdin).")
@click.option("--body", help="The body.")
@click.option("--body-file", type=FILE, help="The body from a file, byte for byte ('-' for stdin).")
@click.option(
    "--tolerance",
    type=click.IntRange(min=0),
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
    tolerance: int,
    at: datetime | None,
) -> None:
    """Check the signature of a webhook that was received.

    Nothing is sent. Without --secret and --secret-file, the secrets are those in the environment's
    NOTIFICATION_SIGNING_SECRET. One signature that fits one secret is enough.
    """
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
    found = read_text(path) if path is not None else os.environ.get(SECRET_VARIABLE, "")
    secrets = found.split()
    if not secrets:
        raise click.UsageError(f"No secret: give --secret or --secret-file, or set {SECRET_VARIABLE}.")
    return secrets


def _header_lines(path: str) -> str:
    # The other headers of a message may hold any bytes.
    return read_bytes(path).decode("utf-8-sig", "surrogateescape")
