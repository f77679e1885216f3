"""backend.ai notification signature verify."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook

from backendai_notification_cli.commands.notification.signature.signature_check import (
    Received,
    check,
)
from tests.unit.cli.signature_samples import (
    AT,
    BODY,
    HEADERS,
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

VARIABLE = "NOTIFICATION_SIGNING_SECRET"
NO_FIT = "✗ No signature fits: it is the wrong secret, or the body, ID or timestamp was changed\n"
Run = Callable[..., Any]


def test_published_example_is_valid(run: Run) -> None:
    """The example of Standard Webhooks is valid as of its time, without a service or any settings."""
    assert outcome(run(*replaced("--body", BODY))) == VALID
    assert run(*replaced("--body", BODY), "-o", "jsonl").stdout == '{"valid":true}\n'


def test_message_of_now_is_valid(run: Run) -> None:
    """What another implementation signs now is valid without --at."""
    now = datetime.now(UTC)
    signature = Webhook(OTHER).sign("evt_1", now, "It's ünïcode")
    headers = ("--id", "evt_1", "--timestamp", str(int(now.timestamp())), "--signature", signature)
    assert outcome(run(*VERIFY, *headers, "--secret", OTHER, "--body", "It's ünïcode")) == VALID


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--body", '{"test": 2432232315}'),
        ("--body", f"{BODY}\n"),
        ("--body", ""),
        ("--id", "msg_p5jXN8AQM9LWM0D4loKWxJel"),
        ("--timestamp", str(SIGNED_AT + 1)),
        ("--timestamp", f"0{SIGNED_AT}"),
        ("--secret", OTHER),
        ("--signature", SIGNATURE.lower()),
        ("--signature", SIGNATURE.rstrip("=")),
        ("--signature", f"{SIGNATURE[:-2]}F="),
        ("--signature", "v1,"),
        ("--signature", "v1,ünïcode"),
        ("--signature", f"v1,x v2{SIGNATURE[2:]}"),
    ],
)
def test_tampering_is_found(run: Run, option: str, value: str) -> None:
    """A change of any part, be it a newline, makes the signature fit no more."""
    assert outcome(run(*replaced(option, value))) == (1, "", NO_FIT)


@pytest.mark.parametrize(
    "secret",
    [
        SECRET.removeprefix("whsec_"),
        "whsec_",
        "whsec_not/base64!",
        SECRET[:-1],
        f"whsec_{base64.b64encode(bytes(23)).decode()}",
        f"whsec_{base64.b64encode(bytes(65)).decode()}",
        "whsec_ünïcode",
    ],
)
def test_malformed_secret(run: Run, secret: str) -> None:
    """A secret of another form is told, and not repeated."""
    expected = "is malformed: expected whsec_ and the base64 of 24 to 64 bytes\n"
    assert outcome(run(*replaced("--secret", secret))) == (1, "", f"✗ The secret {expected}")
    both = run(*replaced("--secret", SECRET), "--secret", secret)
    assert outcome(both) == (1, "", f"✗ Secret 2 {expected}")


@pytest.mark.parametrize("late", [-300, 0, 300])
def test_tolerance_includes_its_ends(late: int) -> None:
    """A message as old, or as far ahead, as is tolerated passes."""
    check(Received(ID, str(SIGNED_AT), SIGNATURE, BODY.encode()), [SECRET], SIGNED_AT + late, 300)


@pytest.mark.parametrize(
    ("at", "message"),
    [
        ("2021-02-25T15:07:11Z", "Too old: signed 301 s before the time of the check, 300 s are tolerated"),
        (
            "2021-02-25T14:57:09Z",
            "From the future: signed 301 s after the time of the check, 300 s are tolerated",
        ),
    ],
)
def test_age(run: Run, at: str, message: str) -> None:
    """A signature that fits but is too old or from the future is told with its seconds."""
    assert outcome(run(*replaced("--at", at))) == (1, "", f"✗ {message}\n")
    assert outcome(run(*replaced("--at", at), "--tolerance", "301")) == VALID


def test_signature_comes_before_age(run: Run) -> None:
    """An old message that was changed is told as changed: its timestamp proves nothing."""
    assert run(*VERIFY, *HEADERS, "--secret", SECRET, "--body", "x").stderr == NO_FIT
    assert "Too old: signed " in run(*VERIFY, *HEADERS, "--secret", SECRET, "--body", BODY).stderr


def test_one_that_fits_is_enough(run: Run) -> None:
    """Any one of the signatures under any one of the secrets is enough, as while a secret is rotated."""
    several = f"v1a,xyz v1,{'A' * 43}= {SIGNATURE}"
    assert outcome(run(*replaced("--signature", several), "--secret", OTHER)) == VALID
    assert outcome(run(*replaced("--secret", OTHER), "--secret", f" {SECRET}\n")) == VALID


def test_body_option_is_the_shells_bytes(run: Run) -> None:
    """Bytes that are not UTF-8 come through an argument as they are."""
    call = replaced("--body", b"\xff".decode("utf-8", "surrogateescape"))
    assert outcome(run(*call, "--signature", signed(b"\xff"))) == VALID


def test_secrets_of_the_environment(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the options, the environment's secrets count; an option takes their place."""
    call = (*VERIFY, *HEADERS, "--body", BODY, *AT)
    monkeypatch.setenv(VARIABLE, f"{OTHER} {SECRET}")
    assert outcome(run(*call)) == VALID
    assert outcome(run(*call, "--secret", OTHER)) == (1, "", NO_FIT)
    monkeypatch.setenv(VARIABLE, OTHER)
    assert outcome(run(*call)) == (1, "", NO_FIT)
    assert outcome(run(*call, "--secret-file", "-", stdin=SECRET)) == VALID


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ([*HEADERS, "--secret", SECRET], "Give --body, or --body-file."),
        ([*HEADERS, "--body", "", "--body-file", "-"], "--body cannot be used together with --body-file."),
        (["--body", ""], "Give --id, --timestamp and --signature, or --headers-file."),
        (["--body", "", "--id", "", "--headers-file", "-"], "cannot be used together with --headers-file."),
        ([*HEADERS, "--body", ""], f"No secret: give --secret or --secret-file, or set {VARIABLE}."),
        ([*HEADERS, "--body", "", "--secret-file", "-"], "--secret-file '-' has no secret in it."),
        ([*HEADERS, "--body", "", "--secret", "a", "--secret-file", "-"], "together with --secret."),
        (["--headers-file", "-", "--body-file", "-"], "Only one of --secret-file, --headers-file and"),
        ([*HEADERS, "--body-file", "/no/such/file"], "'/no/such/file' does not exist"),
        ([*HEADERS, "--tolerance", "-1"], "'-1' is not a whole number from 0 on"),
    ],
)
def test_wrong_calls(run: Run, args: list[str], message: str) -> None:
    """A call that cannot be meant is a usage error, other than a signature that does not fit."""
    result = run(*VERIFY, *args, stdin="\n")
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


def test_time_that_is_none(run: Run) -> None:
    """A time of --at that is none is refused as everywhere."""
    assert "Invalid value for '--at': 'soon' is not a time: " in run(*replaced("--at", "soon")).stderr
