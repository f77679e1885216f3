"""Backend.AI's signature is checked as its clients make it."""

import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from notifications.core.errors import AuthenticationFailed, InvalidAuthParameters
from notifications.core.keypairs import Keypair, SignedRequest, by_access_key, signature, verify

EXAMPLES: list[dict[str, str]] = json.loads(
    (Path(__file__).parents[2] / "data" / "signing-examples.json").read_text("utf-8")
)
NOW = datetime(2026, 1, 15, 10, 30, tzinfo=UTC)
SECRET = "a secret of 2026"
KEYPAIR = Keypair("AKIAEXAMPLE", SECRET, "superadmin", "u-1", active=True)
KEYPAIRS = by_access_key([KEYPAIR])
EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def signed_by_contract(day_key: bytes, example: dict[str, str]) -> tuple[str, bytes, str]:
    """Sign as section 4 of the contract says: the string to sign, the signing key, the signature."""
    text = (
        f"{example['method']}\n{example['rel_url']}\n{example['date']}\nhost:{example['host']}\n"
        f"content-type:{example['content_type']}\nx-backendai-version:{example['api_version']}\n{EMPTY_SHA256}"
    )
    key = hmac.digest(day_key, example["host"].encode(), "sha256")
    return text, key, hmac.digest(key, text.encode(), "sha256").hex()


def request(now: datetime = NOW, secret: str = SECRET, **changes: Any) -> SignedRequest:
    """Make a signed request; ``changes`` are to its headers, made after signing. None removes one."""
    headers = {
        "date": now.isoformat(),
        "host": "api.example.com",
        "content-type": "application/json",
        "x-backendai-version": "v9.20250722",
    }
    headers |= {name: changes.pop(name) for name in list(changes) if name == "date"}
    value = signature(secret, "GET", "/notifications/rule-types", headers["date"], headers, "v9.20250722")
    headers["authorization"] = f"BackendAI signMethod=HMAC-SHA256, credential=AKIAEXAMPLE:{value}"
    headers |= {name.replace("_", "-"): value for name, value in changes.items()}
    kept = {name: value for name, value in headers.items() if value is not None}
    return SignedRequest("GET", ("/notifications/rule-types",), kept)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["rel_url"])
def test_contracts_signing_is_that_of_the_examples(example: dict[str, str]) -> None:
    """What this test module signs by is what Backend.AI's own code made of the worked examples."""
    text, key, value = signed_by_contract(bytes.fromhex(example["k1_hex"]), example)
    assert (text, key.hex(), value) == (
        example["string_to_sign"],
        example["signing_key_hex"],
        example["signature"],
    )


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["rel_url"])
def test_signature_is_the_contracts(example: dict[str, str]) -> None:
    """For each worked example's request, the service computes what the contract's signing gives.

    The examples come without their secret, so the key of the day is made of another one here.
    """
    day = example["date"][:10].replace("-", "")
    _, _, expected = signed_by_contract(hmac.digest(SECRET.encode(), day.encode(), "sha256"), example)
    headers = {
        "host": example["host"],
        "content-type": f"{example['content_type'].upper()}; charset=utf-8",
        "x-backendai-version": example["api_version"],
        "date": example["date"],
        "authorization": f"BackendAI signMethod=HMAC-SHA256, credential=AKIAEXAMPLE:{expected}",
    }
    sent = SignedRequest(example["method"], (example["rel_url"],), headers)
    assert verify(sent, KEYPAIRS, datetime.fromisoformat(example["date"])) == KEYPAIR


@pytest.mark.parametrize("seconds", [-899.999999, -1, 0, 1, 899.999999])
def test_clock_within_the_skew(seconds: float) -> None:
    """A Date less than 15 minutes away, either way, is taken."""
    assert verify(request(NOW + timedelta(seconds=seconds)), KEYPAIRS, NOW) == KEYPAIR


@pytest.mark.parametrize("seconds", [-900, 900, -900.000001, 86_400])
def test_clock_beyond_the_skew(seconds: float) -> None:
    """A Date of 15 minutes and more, either way, is refused before any signature is looked at."""
    with pytest.raises(InvalidAuthParameters, match="Date"):
        verify(request(NOW + timedelta(seconds=seconds), secret="wrong"), KEYPAIRS, NOW)


@pytest.mark.parametrize(
    ("date", "works"),
    [
        ("2026-01-15T10:30:00", True),
        ("2026-01-15T10:30:00Z", True),
        ("2026-01-15T19:30:00+09:00", True),
        ("2026-01-15T19:30:00", False),
        ("Thu, 15 Jan 2026 10:30:00 GMT", False),
        ("", False),
        ("0001-01-01T00:00:00+23:59", False),
    ],
)
def test_forms_of_date(date: str, works: bool) -> None:  # noqa: FBT001
    """The Date is ISO 8601 in any offset, UTC when it has none; everything else is refused."""
    if works:
        assert verify(request(date=date), KEYPAIRS, NOW) == KEYPAIR
        return
    with pytest.raises(InvalidAuthParameters, match="Date"):
        verify(replace(request(), headers={**request().headers, "date": date}), KEYPAIRS, NOW)


@pytest.mark.parametrize("path", ["/v1/notifications/rule-types", "/notifications/rule-types"])
def test_any_of_the_paths(path: str) -> None:
    """The signature may be over any of the paths that the client may have seen."""
    seen = ("/v1/notifications/rule-types", "/notifications/rule-types")
    sent = request()
    value = signature(SECRET, "GET", path, sent.headers["date"], sent.headers, "v9.20250722")
    header = f"BackendAI signMethod=HMAC-SHA256, credential=AKIAEXAMPLE:{value}"
    headers = {**sent.headers, "authorization": header}
    assert verify(SignedRequest("GET", seen, headers), KEYPAIRS, NOW) == KEYPAIR
    with pytest.raises(AuthenticationFailed):
        verify(SignedRequest("GET", ("/other", f"{path}?a=1"), headers), KEYPAIRS, NOW)


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("host", "other.example.com"),
        ("host", "api.example.com:443"),
        ("content_type", "text/plain"),
        ("x_backendai_version", "v8.20240315"),
        ("date", NOW.isoformat(timespec="milliseconds")),
    ],
)
def test_every_part_is_covered(header: str, value: str) -> None:
    """A change to any signed part after signing makes the signature wrong."""
    sent = request()
    headers = {**sent.headers, header.replace("_", "-"): value}
    with pytest.raises(AuthenticationFailed, match="does not match"):
        verify(replace(sent, headers=headers), KEYPAIRS, NOW)


def test_method_is_covered() -> None:
    """A signature for one method is none for another."""
    with pytest.raises(AuthenticationFailed):
        verify(replace(request(), method="DELETE"), KEYPAIRS, NOW)


def test_wrong_secret_and_unknown_key_look_alike() -> None:
    """A wrong secret and an unknown access key are refused with the very same words."""
    with pytest.raises(AuthenticationFailed) as wrong:
        verify(request(secret="wrong"), KEYPAIRS, NOW)
    with pytest.raises(AuthenticationFailed) as unknown:
        verify(request(), {}, NOW)
    assert wrong.value.message == unknown.value.message


def test_inactive_key() -> None:
    """An inactive keypair is refused although it signs well."""
    with pytest.raises(AuthenticationFailed, match="not active"):
        verify(request(), by_access_key([replace(KEYPAIR, active=False)]), NOW)


@pytest.mark.parametrize("value", [None, ""])
def test_no_credentials(value: str | None) -> None:
    """A request without credentials is refused as such, whatever else it lacks."""
    with pytest.raises(AuthenticationFailed, match="missing"):
        verify(request(authorization=value, x_backendai_version=None), KEYPAIRS, NOW)


@pytest.mark.parametrize(
    "value",
    [
        "Basic dXNlcjpwYXNz",
        "BackendAI",
        "BackendAI signMethod=HMAC-SHA256",
        "BackendAI signMethod=HMAC-SHA256, credential=AKIAEXAMPLE",
        "BackendAI signMethod=HMAC-SHA256, credential=AKIAEXAMPLE:",
        "BackendAI signMethod=HMAC-SHA256, credential=AKIAEXAMPLE:nothex",
        "BackendAI signMethod=HMAC-SHA1, credential=AKIAEXAMPLE:00",
        "BackendAI signMethod=HMAC-SHA256, credential=AKIAEXAMPLE:00, more=1",
    ],
)
def test_malformed_authorization(value: str) -> None:
    """An Authorization header of another form is refused as malformed."""
    with pytest.raises(InvalidAuthParameters, match=r"Authorization|signMethod"):
        verify(request(authorization=value), KEYPAIRS, NOW)


@pytest.mark.parametrize(
    "version", [None, "", "9", "v9", "v9.2025", "v4.20181214", "v3.20251231", "v9.20250723", "v10.20250101"]
)
def test_unknown_version(version: str | None) -> None:
    """A missing, malformed or unknown API version is refused."""
    with pytest.raises(InvalidAuthParameters, match="ersion"):
        verify(request(x_backendai_version=version), KEYPAIRS, NOW)


@pytest.mark.parametrize("version", ["v4.20181215", "v5.20191215", "v9.20250722"])
def test_known_version(version: str) -> None:
    """Every version from the oldest to the newest is taken, and is part of what is signed."""
    headers = {**request().headers, "x-backendai-version": version}
    value = signature(SECRET, "GET", "/", headers["date"], headers, version)
    headers["authorization"] = f"BackendAI signMethod=HMAC-SHA256, credential=AKIAEXAMPLE:{value}"
    assert verify(SignedRequest("GET", ("/",), headers), KEYPAIRS, NOW) == KEYPAIR


def test_secret_is_not_shown() -> None:
    """A keypair that is printed or logged does not show its secret."""
    assert SECRET not in repr(KEYPAIR)
    assert SECRET not in f"{KEYPAIRS}"


@pytest.mark.parametrize(("left", "works"), [(timedelta(microseconds=1), True), (timedelta(0), False)])
def test_a_keypair_ends(left: timedelta, works: bool) -> None:  # noqa: FBT001
    """A keypair that expires works until that time, and from then on is refused with the time."""
    keypairs = by_access_key([replace(KEYPAIR, expires_at=NOW + left)])
    if works:
        assert verify(request(), keypairs, NOW).access_key == "AKIAEXAMPLE"
    else:
        with pytest.raises(AuthenticationFailed, match=r"AKIAEXAMPLE expired at 2026-01-15T10:30:00\+00:00"):
            verify(request(), keypairs, NOW)


def test_only_who_signed_is_told_of_the_end() -> None:
    """Whoever has not the secret is not told that a keypair has expired, or exists."""
    keypairs = by_access_key([replace(KEYPAIR, expires_at=NOW)])
    with pytest.raises(AuthenticationFailed, match="unknown or the signature does not match"):
        verify(request(secret="another"), keypairs, NOW)
