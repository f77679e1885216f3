"""`listen` checks by which secret recorded webhooks were signed."""

import hmac
from base64 import b64decode, b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from backendai_notification_cli.commands.notification.signature import recorded
from backendai_notification_cli.commands.notification.signature.signature_check import keys_of
from tests.unit.cli.conftest import Service
from tests.unit.cli.records import RULE_ID
from tests.unit.cli.signature_samples import OTHER, SECRET
from tests.unit.cli.test_cli_listen import LISTEN, MESSAGE, STOP, TAIL, attempt, event, has, reply

VARIABLE = "NOTIFICATION_SIGNING_SECRET"
ID, SENT_AT = "event-1_rule", "1764485364"
CHANGED = "cannot be checked: its message may have been rendered again"
UNSEEN = "cannot be checked: no part of the signature is recorded"
Run = Callable[..., Any]

pytestmark = pytest.mark.usefixtures("utc", "pauses")


def kept(*secrets: str, webhook_id: str = ID, body: str = MESSAGE) -> str:
    """Return what a record keeps of the signatures that these secrets make."""
    signed = f"{webhook_id}.{SENT_AT}.{body}".encode()
    keys = [b64decode(secret.removeprefix("whsec_")) for secret in secrets]
    made = [b64encode(hmac.digest(key, signed, "sha256")).decode() for key in keys]
    return " ".join(f"v1,{signature[:8]}***" for signature in made)


def sent(signature: str, **changes: Any) -> dict[str, Any]:
    """Return a delivery whose last attempt has this signature."""
    headers = {"webhook-id": ID, "webhook-timestamp": SENT_AT, "webhook-signature": signature}
    shown = {"id": ID, "status": "delivered", "message": MESSAGE, "attempts": [{"headers": headers}]}
    return shown | changes


@pytest.mark.parametrize(
    ("delivery", "secrets", "told"),
    [
        (sent(kept(SECRET)), [SECRET], "signature right"),
        (sent(kept(OTHER)), [SECRET], "signature does not match this secret"),
        (sent(kept(OTHER, SECRET)), [SECRET], "signature right"),
        (sent(kept(SECRET)), [OTHER, SECRET], "signature right"),
        (sent(kept(SECRET)), [OTHER, OTHER], "signature does not match any of these secrets"),
        (sent(kept(SECRET), message="{}"), [SECRET], "signature does not match this secret"),
        (sent("***"), [SECRET], UNSEEN),
        (sent(f"*** {kept(SECRET)}"), [SECRET], "signature right"),
        (sent(kept(SECRET)[:-3]), [SECRET], UNSEEN),
        (sent(kept(SECRET), status="pending", reason="replayed"), [SECRET], "signature right"),
        (sent(kept(OTHER), status="pending", reason="replayed"), [SECRET], CHANGED),
        (sent(kept(OTHER), status="skipped", reason="rule_disabled"), [SECRET], CHANGED),
        (
            sent(kept(OTHER), status="pending", reason="status 500"),
            [SECRET],
            "signature does not match this secret",
        ),
        (sent(""), [SECRET], "not signed: no webhook-signature"),
        (sent(kept(SECRET), id="another"), [SECRET], "signed with another webhook-id"),
        (sent(kept(SECRET), attempts=[]), [SECRET], "not sent"),
        (sent(kept(SECRET)), [], f"signed: webhook-timestamp {SENT_AT}, {kept(SECRET)}"),
    ],
)
def test_what_is_told(delivery: dict[str, Any], secrets: list[str], told: str) -> None:
    """Each delivery is told as signed by a secret or not, or with the reason why that cannot be known."""
    assert recorded.told(delivery, keys_of(secrets)).startswith(told)


def listened(service: Service) -> None:
    """Have one delivery, signed by SECRET, and then no more."""
    webhook_id = f"event-1_{RULE_ID}"
    signature = kept(SECRET, webhook_id=webhook_id)
    headers = {"webhook-id": webhook_id, "webhook-timestamp": SENT_AT, "webhook-signature": signature}
    has(service, 1, attempts=[attempt(webhook_id, headers=headers)])
    service.answers("POST", TAIL, reply())
    service.answers("POST", TAIL, reply(event(1), position="q"))
    service.answers("POST", TAIL, STOP, status=403)


@pytest.mark.parametrize(
    ("secrets", "told"), [(SECRET, "signature right"), (OTHER, "signature does not match this secret")]
)
def test_a_secret_of_the_environment(
    service: Service, run: Run, monkeypatch: pytest.MonkeyPatch, secrets: str, told: str
) -> None:
    """The environment's secret checks each webhook that is shown, and is itself never shown."""
    monkeypatch.setenv(VARIABLE, secrets)
    listened(service)
    result = run(*LISTEN)
    assert result.stdout.endswith(f"  {told}\n")
    assert "✓ Checking signatures with 1 secret\n" in result.stderr
    assert secrets not in result.output


def test_secrets_of_a_file(service: Service, run: Run, tmp_path: Path) -> None:
    """During a rotation a file has both secrets, and each webhook needs one of them."""
    file = tmp_path / "secrets.txt"
    file.write_text(f"{OTHER}\n{SECRET}\n")
    listened(service)
    result = run(*LISTEN, "--secret-file", str(file))
    assert result.stdout.endswith("  signature right\n")
    assert "✓ Checking signatures with 2 secrets\n" in result.stderr


@pytest.mark.parametrize(
    ("content", "args", "exit_code", "told"),
    [
        ("", (), 2, "has no secret in it"),
        ("whsec_short", (), 1, "The secret is malformed"),
        (SECRET, ("--forward-to", "http://localhost:1/"), 2, "is not for --forward-to"),
    ],
)
def test_secrets_that_cannot_be(
    service: Service, run: Run, tmp_path: Path, content: str, args: tuple[str, ...], exit_code: int, told: str
) -> None:
    """A file without a usable secret, or one that nothing would be checked with, is refused at once."""
    file = tmp_path / "secrets.txt"
    file.write_text(content)
    result = run(*LISTEN, "--secret-file", str(file), *args)
    assert (result.exit_code, told in result.stderr, service.requests) == (exit_code, True, [])
    assert "whsec_short" not in result.output


@pytest.mark.parametrize(
    ("secret", "outcome"),
    [(SECRET, (0, "✓ Signature valid\n")), (OTHER, (1, "✗ Signature does not match this secret\n"))],
)
def test_one_delivery(
    service: Service, run: Run, monkeypatch: pytest.MonkeyPatch, secret: str, outcome: tuple[int, str]
) -> None:
    """`signature verify --delivery` checks a single delivery, whose age does not matter."""
    monkeypatch.setenv(VARIABLE, secret)
    listened(service)
    result = run("notification", "signature", "verify", "--delivery", f"event-1_{RULE_ID}")
    assert (result.exit_code, result.stderr) == outcome


def test_a_delivery_alone(service: Service, run: Run) -> None:
    """A delivery beside a body or a header is a wrong call."""
    args = ("--delivery", f"event-1_{RULE_ID}", "--secret", SECRET, "--body", "x")
    result = run("notification", "signature", "verify", *args)
    assert (result.exit_code, service.requests) == (2, [])
    assert "--delivery names headers, body and time" in result.stderr
