"""Signed webhooks verify with a receiver's library, and nothing else does."""

import json
import time
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from backendai_notification_cli.commands.notification.signature.signature_check import check, received_with
from backendai_notification_cli.errors import CliError
from notifications.core.errors import InvalidRequest
from notifications.core.signatures import (
    MAX_ID_CHARS,
    MAX_SECRET_BYTES,
    MIN_SECRET_BYTES,
    SECRET_BYTES,
    make_secret,
    sign,
    signature_headers,
)

# The vector that Standard Webhooks publishes.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MESSAGE_ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
TIMESTAMP = 1_614_265_330
BODY = b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

OTHER = make_secret(bytes(range(SECRET_BYTES)))
SECRETS = st.binary(min_size=MIN_SECRET_BYTES, max_size=MAX_SECRET_BYTES).map(make_secret)


def headers(secrets: list[str], body: bytes = BODY, timestamp: int = TIMESTAMP) -> dict[str, str]:
    """Sign a body."""
    return dict(signature_headers(MESSAGE_ID, timestamp, body, secrets))


def test_published_vector() -> None:
    """The published secret, id, time and body give the published signature."""
    assert sign(MESSAGE_ID, TIMESTAMP, BODY, [SECRET]) == SIGNATURE


@given(SECRETS, SECRETS, st.dictionaries(st.text(), st.text()))
def test_receivers_library_verifies(secret: str, old: str, document: dict[str, str]) -> None:
    """What is signed with a new and an old secret verifies with either of them in a receiver's library."""
    body = json.dumps(document, ensure_ascii=False).encode(errors="replace")
    signed = headers([secret, old], body, int(time.time()))
    assert Webhook(secret).verify(body, signed) == json.loads(body)
    Webhook(old).verify(body, signed)


def test_receivers_library_refuses() -> None:
    """With another secret, a receiver's library refuses the message."""
    with pytest.raises(WebhookVerificationError):
        Webhook(OTHER).verify(BODY, headers([SECRET], timestamp=int(time.time())))


def test_several_secrets_are_several_signatures() -> None:
    """Each secret gives one signature, in their order, separated by a space."""
    first, second = sign(MESSAGE_ID, TIMESTAMP, BODY, [SECRET, OTHER]).split(" ")
    assert first == SIGNATURE
    assert second == sign(MESSAGE_ID, TIMESTAMP, BODY, [OTHER])


@given(SECRETS, st.binary())
def test_what_was_signed_verifies(secret: str, body: bytes) -> None:
    """Any body signed with any secret passes the command line's check, with other secrets beside it too."""
    received = received_with(headers([secret], body), body)
    check(received, [secret], TIMESTAMP, 0)
    check(received, [SECRET, secret], TIMESTAMP, 0)


@given(st.integers(0, len(BODY) * 8 - 1))
def test_one_bit_of_the_body(bit: int) -> None:
    """A body of which a single bit was changed does not pass it."""
    changed = bytearray(BODY)
    changed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(CliError, match="No signature fits"):
        check(received_with(headers([SECRET]), bytes(changed)), [SECRET], TIMESTAMP, 0)


def test_nothing_is_signed_without_a_secret() -> None:
    """Without a secret nothing is signed."""
    with pytest.raises(InvalidRequest, match="no secret"):
        sign(MESSAGE_ID, TIMESTAMP, BODY, [])


@pytest.mark.parametrize("message_id", ["", "a.b", "a b", "a\r\nb", "\u00e4", "x" * (MAX_ID_CHARS + 1)])
def test_bad_id(message_id: str) -> None:
    """An id with a dot could stand for another id and time; one that no header carries is refused too."""
    with pytest.raises(InvalidRequest, match="id cannot be signed"):
        sign(message_id, TIMESTAMP, BODY, [SECRET])


@pytest.mark.parametrize("size", [MIN_SECRET_BYTES, SECRET_BYTES, MAX_SECRET_BYTES])
def test_new_secret(size: int) -> None:
    """Random bytes become a secret of the published form."""
    random = bytes(range(size))
    secret = make_secret(random)
    assert secret == "whsec_" + b64encode(random).decode()
    assert sign(MESSAGE_ID, TIMESTAMP, BODY, [secret]).startswith("v1,")


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "whsec_",
        SECRET.removeprefix("whsec_"),
        SECRET.upper(),
        SECRET + "=",
        SECRET + "\n",
        SECRET[:-1],
        "whsec_" + b64encode(b"x" * (MIN_SECRET_BYTES - 1)).decode(),
        "whsec_" + b64encode(b"x" * (MAX_SECRET_BYTES + 1)).decode(),
        "whsec_\u00e4" + SECRET[7:],
    ],
)
def test_bad_secret(secret: str) -> None:
    """What is no secret is refused wherever it is used, and never repeated."""
    with pytest.raises(InvalidRequest, match="malformed") as caught:
        sign(MESSAGE_ID, TIMESTAMP, BODY, [SECRET, secret])
    assert len(secret) < 10 or secret[6:] not in caught.value.message
