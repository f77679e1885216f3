"""backend.ai notification signature verify, and the headers that it is given."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from backendai_notification_cli.commands.notification.signature.signature_check import (
    parse_headers,
)
from tests.unit.cli.signature_samples import (
    AT,
    BODY,
    ID,
    OTHER,
    SECRET,
    SIGNATURE,
    SIGNED_AT,
    VALID,
    VERIFY,
    outcome,
    replaced,
    signed,
)

Run = Callable[..., Any]


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--signature", f"v1a{SIGNATURE[2:]}", "webhook-signature has no v1 signature"),
        ("--signature", "g0hM9SsE", "webhook-signature has no v1 signature"),
        ("--timestamp", "1614265330.5", "webhook-timestamp '1614265330.5' is not a number of seconds"),
        ("--timestamp", "٣", "webhook-timestamp '٣' is not a number of seconds"),
        ("--timestamp", "9" * 5000, "is not a number of seconds"),
        ("--id", "msg.1", "webhook-id 'msg.1' has a dot in it, which no ID has"),
        ("--id", "", "Missing header: webhook-id"),
        ("--signature", " ", "Missing header: webhook-signature"),
    ],
)
def test_what_is_no_header_of_ours(run: Run, option: str, value: str, message: str) -> None:
    """A header that cannot be right is told by its name, in one line."""
    result = run(*replaced(option, value))
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    assert message in result.stderr


def test_files_are_taken_byte_for_byte(run: Run, tmp_path: Path) -> None:
    """The headers' names are found in any case among others, and a body that is no text keeps each byte."""
    body = b"\xef\xbb\xbf\xff\x00 text\r\n\n"
    (tmp_path / "body").write_bytes(body)
    (tmp_path / "secret").write_text(f"\n{OTHER}\r\n{SECRET}\n")
    (tmp_path / "headers").write_bytes(
        b"POST http://ops.example.com/ HTTP/1.1\r\nX-Other: \xff\r\nX-Other: 2\r\n"
        + f"WEBHOOK-ID:{ID}\r\nWebhook-Timestamp:  {SIGNED_AT} \r\n".encode()
        + f"webhook-signature: {signed(body)}\r\n\r\n".encode()
    )
    files = {f"--{name}-file": tmp_path / name for name in ("body", "headers", "secret")}
    for piped in files.values():
        call = [part for name, path in files.items() for part in (name, "-" if path == piped else str(path))]
        assert outcome(run(*VERIFY, *call, *AT, stdin=piped.read_bytes())) == VALID


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (f"webhook-id: {ID}\n", "Missing headers: webhook-timestamp, webhook-signature"),
        (
            f"webhook-id: {ID}\nwebhook-timestamp: 1\nsvix-signature: v1,x",
            "Missing header: webhook-signature",
        ),
        ("", "Missing headers: webhook-id, webhook-timestamp, webhook-signature"),
        ("webhook-id: a\nWebhook-Id: a\n", "The header webhook-id is there more than once"),
    ],
)
def test_headers_that_are_missing_or_twice(run: Run, lines: str, message: str) -> None:
    """A header that is missing, or there twice, is told by its name."""
    result = run(*VERIFY, "--secret", SECRET, "--body", BODY, "--headers-file", "-", stdin=lines)
    assert outcome(result) == (1, "", f"✗ {message}\n")


def test_header_option_that_is_left_out(run: Run) -> None:
    """A header whose option is left out is told by its name."""
    result = run(*VERIFY, "--secret", SECRET, "--body", BODY, "--id", ID, "--timestamp", "1")
    assert outcome(result) == (1, "", "✗ Missing header: webhook-signature\n")


def test_other_headers_are_left_out() -> None:
    """Only our three headers are taken, and lines without a colon are none."""
    assert parse_headers("webhook-id\nX: 1\nX: 2\n:authority: a\nWebhook-ID : b: c\r\n") == {
        "webhook-id": "b: c"
    }
