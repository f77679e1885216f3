"""Signed webhooks verify with a receiver's library, and nothing else does."""

import json
import time
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from notifications.core.errors import InvalidRequest, SignatureMismatch
from notifications.core.signatures import (
    MAX_ID_CHARS,
    MAX_SECRET_BYTES,
    MIN_SECRET_BYTES,
    SECRET_BYTES,
    TOLERANCE_SECONDS,
    check_secret,
    make_secret,
    sign,
    signature_headers,
    verify,
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
    """The published secret, id, time and body give the published signature, and it verifies."""
    assert sign(MESSAGE_ID, TIMESTAMP, BODY, [SECRET]) == SIGNATURE
    verify(headers([SECRET]), BODY, [SECRET], TIMESTAMP)


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
    """Any body signed with any secret verifies with it, with more secrets than that one too."""
    signed = headers([secret], body)
    verify(signed, body, [secret], TIMESTAMP)
    verify(signed, body, [SECRET, secret], TIMESTAMP)


def test_names_of_headers_in_any_case() -> None:
    """Header names may come in any case, with spaces around values, among other headers and versions."""
    verify(
        {
            "Webhook-Id": f" {MESSAGE_ID} ",
            "WEBHOOK-TIMESTAMP": str(TIMESTAMP),
            "Webhook-Signature": f"v1a,xxxx v1,AAAA {SIGNATURE}",
            "Accept": "*/*",
        },
        BODY,
        [SECRET],
        TIMESTAMP,
    )


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"webhook-id": ""}, "webhook-id is missing"),
        ({"webhook-timestamp": ""}, "webhook-timestamp is missing"),
        ({"webhook-signature": " "}, "webhook-signature is missing"),
        ({"webhook-timestamp": "today"}, "not a number"),
        ({"webhook-timestamp": "-1"}, "not a number"),
        ({"webhook-timestamp": "\u0661\u0662"}, "not a number"),
        ({"webhook-timestamp": str(TIMESTAMP + 1)}, "No signature fits"),
        ({"webhook-id": "msg_other"}, "No signature fits"),
        ({"webhook-signature": "v2," + SIGNATURE[3:]}, "no signature of version v1"),
        ({"webhook-signature": SIGNATURE[3:]}, "no signature of version v1"),
        ({"webhook-signature": "v1,"}, "No signature fits"),
        ({"webhook-signature": "v1,\u00e4"}, "No signature fits"),
        ({"webhook-signature": SIGNATURE[:-2]}, "No signature fits"),
    ],
)
def test_wrong_headers(changed: dict[str, str], reason: str) -> None:
    """Each header that is missing, malformed or changed is told."""
    with pytest.raises(SignatureMismatch, match=reason):
        verify(headers([SECRET]) | changed, BODY, [SECRET], TIMESTAMP)


@given(st.integers(0, len(BODY) * 8 - 1))
def test_one_bit_of_the_body(bit: int) -> None:
    """A body of which a single bit was changed does not verify."""
    changed = bytearray(BODY)
    changed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(SignatureMismatch, match="No signature fits"):
        verify(headers([SECRET]), bytes(changed), [SECRET], TIMESTAMP)


def test_no_secret_fits_nothing() -> None:
    """Without a secret nothing verifies and nothing is signed."""
    with pytest.raises(SignatureMismatch):
        verify(headers([SECRET]), BODY, [], TIMESTAMP)
    with pytest.raises(InvalidRequest, match="no secret"):
        sign(MESSAGE_ID, TIMESTAMP, BODY, [])


@pytest.mark.parametrize(
    ("off", "reason"),
    [(TOLERANCE_SECONDS + 1, "301 s old"), (-TOLERANCE_SECONDS - 1, "301 s in the future")],
)
def test_clock(off: int, reason: str) -> None:
    """Five minutes to either side are taken, and not one second more; the tolerance can be another."""
    verify(headers([SECRET]), BODY, [SECRET], TIMESTAMP + (off - 1 if off > 0 else off + 1))
    with pytest.raises(SignatureMismatch, match=reason):
        verify(headers([SECRET]), BODY, [SECRET], TIMESTAMP + off)
    verify(headers([SECRET]), BODY, [SECRET], TIMESTAMP + off, tolerance=TOLERANCE_SECONDS + 1)


@pytest.mark.parametrize("message_id", ["", "a.b", "a b", "a\r\nb", "\u00e4", "x" * (MAX_ID_CHARS + 1)])
def test_bad_id(message_id: str) -> None:
    """An id with a dot could stand for another id and time; one that no header carries is refused too."""
    with pytest.raises(InvalidRequest, match="id can not be signed"):
        sign(message_id, TIMESTAMP, BODY, [SECRET])


@pytest.mark.parametrize("size", [MIN_SECRET_BYTES, SECRET_BYTES, MAX_SECRET_BYTES])
def test_new_secret(size: int) -> None:
    """Random bytes become a secret of the published form."""
    random = bytes(range(size))
    secret = make_secret(random)
    assert secret == "whsec_" + b64encode(random).decode()
    check_secret(secret)


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
        check_secret(secret)
    assert len(secret) < 10 or secret[6:] not in caught.value.message
    with pytest.raises(InvalidRequest, match="malformed"):
        sign(MESSAGE_ID, TIMESTAMP, BODY, [SECRET, secret])
