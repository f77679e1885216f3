"""Secrets are found in whatever dress a text has them."""

import html
import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from time import thread_time
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.core.masking import MASK, looked_for, without, without_credentials

SECRET = 'p+q/r"s&t<u>한 secret=='

DRESSES: dict[str, Callable[[str], str]] = {
    "plain": lambda text: text,
    "percent": lambda text: quote(text, safe=""),
    "percent, lower case": lambda text: quote(text, safe="").lower(),
    "percent, all": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    "percent twice": lambda text: quote(quote(text, safe=""), safe=""),
    "form": quote_plus,
    "JSON": lambda text: json.dumps(text)[1:-1],
    "JSON, not ASCII": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "JSON, slashes": lambda text: json.dumps(text)[1:-1].replace("/", "\\/"),
    "JSON, all": lambda text: "".join(f"\\u{ord(letter):04X}" for letter in text),
    "JSON in JSON": lambda text: json.dumps(json.dumps(text)[1:-1])[1:-1],
    "HTML": html.escape,
    "HTML, decimal": lambda text: "".join(f"&#{ord(letter)};" for letter in text),
    "HTML, hexadecimal": lambda text: "".join(f"&#x{ord(letter):x};" for letter in text),
    "HTML of JSON": lambda text: html.escape(json.dumps(text)[1:-1]),
    "base64": lambda text: b64encode(text.encode()).decode(),
    "base64 for URLs": lambda text: urlsafe_b64encode(text.encode()).decode(),
    "base64, percent": lambda text: quote(b64encode(text.encode()).decode(), safe=""),
}


def masked(text: str, *secrets: str, cut: bool = False) -> str:
    """Mask secrets in a text."""
    return without(text.encode(), looked_for(secrets), cut=cut).decode(errors="replace")


@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize("secret", [SECRET, "xoxb-12345678-abcdef", "이름-비밀번호-1234"])
def test_dresses(dress: str, secret: str) -> None:
    """A secret is masked in each dress, and what stands around it stays."""
    shown = masked(f'before "{DRESSES[dress](secret)}" after', secret)
    assert shown.startswith('before "***')
    assert shown.endswith('" after')
    assert len(shown) <= len('before "***" after') + 7  # of base64 the letters at its end may stay


@pytest.mark.parametrize("before", ["", "a", "ab", "\0user\0", "user:"])
@pytest.mark.parametrize("after", ["", "z", "zz"])
def test_base64_of_a_longer_text(before: str, after: str) -> None:
    """A secret within a text that was encoded as a whole is masked too, wherever it begins in it."""
    encoded = b64encode(f"{before}hunter2hunter2{after}".encode()).decode()
    shown = masked(f"you sent {encoded}!", "hunter2hunter2")
    assert MASK in shown
    assert "aHVudGVyMmh1bnRlcj" not in shown
    assert len(shown) < len(encoded)


@pytest.mark.parametrize("length", range(4, 20))
@pytest.mark.parametrize("dress", ["plain", "percent", "JSON, all", "HTML, decimal"])
def test_a_secret_across_the_cut(dress: str, length: int) -> None:
    """Where an answer was cut, the beginning of a secret at its end is masked; without a cut it stays."""
    secret = "hunter2/hunter2/hunter2"
    text = f"you sent {DRESSES[dress](secret[:length])}"
    assert masked(text, secret, cut=True) == "you sent ***"
    assert masked(text, secret) == text


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        ("no team c2VjcmV0LXRva2Vu here", "no team *** here"),
        ("no hook secret-token", "no hook ***"),
        ("key=query-value-1 is wrong", "key=*** is wrong"),
        ("query-value-1", "***"),
        ("user:pass-word-1", "***"),
        ("the password is pass-word-1", "the password is ***"),
        ("Basic dXNlcjpwYXNzLXdvcmQtMQ==", "***"),
        ("cookie-value-9", "***"),
        ("webhooks are fine", "webhooks are fine"),
    ],
)
def test_what_a_request_has(answer: str, shown: str) -> None:
    """The last part of a path, a query's value, a password within a header: each is masked alone."""
    headers = (("Authorization", "Basic dXNlcjpwYXNzLXdvcmQtMQ=="), ("Cookie", "session=cookie-value-9; a=b"))
    url = "https://example.com/services/secret-token?key=query-value-1&a=b"
    assert without_credentials(answer.encode(), url, headers) == shown.encode()


PRINTABLE = st.characters(exclude_categories=["Cs", "Cc"])


@given(st.text(PRINTABLE, min_size=8), st.text(), st.text(), st.sampled_from(sorted(DRESSES)))
def test_any_secret(secret: str, before: str, after: str, dress: str) -> None:
    """No secret is shown whole in any dress, whatever stands beside it."""
    if dress in {"JSON, all", "percent, lower case"}:
        secret = secret.encode("ascii", "ignore").decode().lower() + "abcdefgh"
    dressed = DRESSES[dress](secret)
    assert dressed not in masked(f"{before} {dressed} {after}", secret)


def test_it_is_linear() -> None:
    """An answer and secrets that are made to be dear cost little."""
    answer = (b"%61" * 2_000 + b"&#97;" * 400 + b"a" * 192)[:8_192]
    secrets = looked_for({"a" * 4_000, "a" * 3_999 + "b", "%61" * 1_000, "&#97;" * 800})
    began = thread_time()
    without(answer, secrets, cut=True)
    assert thread_time() - began < 0.25
