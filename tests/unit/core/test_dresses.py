"""Secrets are found in whatever dress a text has them."""

import html
import html.entities
import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from functools import partial
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.core.masking import MASK, looked_for, without, without_credentials
from tests.speed import yardsticks

SECRET = 'p+q/r"s&t<u>한 secret=='


def utf_16(text: str) -> Iterator[bytes]:
    """Give the units that JSON escapes."""
    encoded = text.encode("utf-16-be")
    return (encoded[at : at + 2] for at in range(0, len(encoded), 2))


NAMES = {f"{letter}": f"&{name}" for name, letter in html.entities.html5.items() if name.endswith(";")}

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
    "JSON, all": lambda text: "".join(f"\\u{unit[0]:02X}{unit[1]:02X}" for unit in utf_16(text)),
    "JSON in JSON": lambda text: json.dumps(json.dumps(text)[1:-1])[1:-1],
    "HTML": html.escape,
    "HTML, decimal": lambda text: "".join(f"&#{ord(letter)};" for letter in text),
    "HTML, hexadecimal": lambda text: "".join(f"&#x{ord(letter):x};" for letter in text),
    "HTML, by name": lambda text: "".join(NAMES.get(letter, letter) for letter in text),
    "HTML, without semicolons": lambda text: "".join(f"&#x{ord(letter):x}" for letter in text),
    "HTML of JSON": lambda text: html.escape(json.dumps(text)[1:-1]),
    "base64": lambda text: b64encode(text.encode()).decode(),
    "base64 for URLs": lambda text: urlsafe_b64encode(text.encode()).decode(),
    "base64 without padding": lambda text: b64encode(text.encode()).decode().rstrip("="),
    "percent of JSON of HTML": lambda text: quote(json.dumps(html.escape(text))[1:-1], safe=""),
    "read as Latin-1": lambda text: text.encode().decode("latin-1"),
    "read as Latin-1, in JSON": lambda text: json.dumps(text.encode().decode("latin-1"))[1:-1],
    "hexadecimal": lambda text: text.encode().hex(),
    "hexadecimal, upper case": lambda text: text.encode().hex().upper(),
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


@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize("secret", [SECRET, "hunter2/hunter2", "🔑🔑/이름🔑"])
def test_a_dress_across_the_cut(dress: str, secret: str) -> None:
    """Wherever a response was cut, within an escape too, no more than the first letters of a secret stay."""
    dressed = DRESSES[dress](secret).encode()
    few = len(DRESSES[dress](secret[:4])) + 12  # the rest of a letter in the dearest dress
    for length in range(few, len(dressed)):
        shown = without(b"you sent " + dressed[:length], looked_for([secret]), cut=True)
        assert shown.rstrip(b"%3D=") == b"you sent ***", length  # what base64 fills up with may stay


@pytest.mark.parametrize("length", range(4, 20))
@pytest.mark.parametrize("dress", ["plain", "percent", "JSON, all", "HTML, decimal"])
def test_a_secret_across_the_cut(dress: str, length: int) -> None:
    """Where a response was cut, the beginning of a secret at its end is masked; without a cut it stays."""
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


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        ("wrong password hunter2!", "wrong password ***!"),
        ("hunter2", "***"),
        ("비밀번호는 hunter2입니다", "비밀번호는 ***입니다"),
        ("hunter23 and shunter2 and hunter_2", "hunter23 and shunter2 and hunter_2"),
        ("a1b2c3 is no a1b2", "a1b2c3 is no ***"),
        ("%68unter2", "***"),
        ("in AHVzZXIAaHVudGVyMg==", "in AHVzZXIA***"),
        ("none of true and 2026 is a session", "none of true and 2026 is a session"),
    ],
)
def test_short_ones(answer: str, shown: str) -> None:
    """A short password is masked where it is a word of its own, but not words and years of few letters."""
    headers = (
        ("X-Password", "hunter2"),
        ("X-Auth", "Bearer a1b2"),
        ("X-Auth-Mode", "none"),
        ("X-Key", "true"),
        ("X-Key-Year", "2026"),
        ("Cookie", "session=aB3$"),
    )
    masked = without_credentials(answer.encode(), "https://example.com/hook?wait=true", headers).decode()
    assert masked.replace("***==", "***").replace("***Mg", "***") == shown


@pytest.mark.parametrize(
    ("url", "answer", "shown"),
    [
        ("/bot12345:AAF-x9/sendMessage", "no bot12345:AAF-x9", "no ***"),
        ("/bot12345:AAF-tokenX9/sendMessage", "no AAF-tokenX9", "no ***"),
        ("/api/webhooks/1234567890/tokenX9abc/slack", "tokenX9abc is unknown", "*** is unknown"),
        ("/api/webhooks/1/tokenX9abc", "webhooks and slack", "webhooks and slack"),
        ("/hook?secretflag1&a=1", "flag secretflag1", "flag ***"),
        ("/hook?token=a1b2&room=ops7", "a1b2 in ops7", "*** in ops7"),
        ("/hook?key=pass%2Fword+1", "pass/word 1, pass%2fword%201", "***, ***"),
        ("/hook/%ED%82%A4-1234", "no 키-1234", "no ***"),
    ],
)
def test_what_a_url_has(url: str, answer: str, shown: str) -> None:
    """Tokens in the middle of a path, flags and values of a query are masked; usual words in it are not."""
    assert without_credentials(answer.encode(), f"https://example.com{url}", ()).decode() == shown


@pytest.mark.parametrize("secret", ["abc123def456", "nabc123def456", "u0041bcdefgh", "41secret-thing"])
@pytest.mark.parametrize("before", ["100%", "C:\\", "\\", "&", "&#"])
def test_what_stands_before(secret: str, before: str) -> None:
    """A secret is found also where it and what stands before it look like an escape."""
    assert secret not in masked(f"x{before}{secret} y", secret)


def test_the_signing_secret() -> None:
    """What messages are signed with is masked where a receiver repeats it."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    told = f"expected {secret}, {secret[6:]}".encode()
    assert without_credentials(told, "https://example.com/", (), (secret,)) == b"expected ***, ***"


PRINTABLE = st.characters(exclude_categories=["Cs", "Cc"])


@given(st.text(PRINTABLE, min_size=8), st.text(), st.text(), st.sampled_from(sorted(DRESSES)))
def test_any_secret(secret: str, before: str, after: str, dress: str) -> None:
    """No secret is shown whole in any dress, whatever stands beside it."""
    if dress == "percent, lower case":
        secret = secret.encode("ascii", "ignore").decode().lower() + "abcdefgh"
    dressed = DRESSES[dress](secret)
    assert dressed not in masked(f"{before} {dressed} {after}", secret)


def test_it_is_linear() -> None:
    """A response and secrets that are made to be dear cost little."""
    secrets = looked_for({"a" * 4_000, "a" * 3_999 + "b", "%61" * 1_000, "&#97;" * 800})
    for letters in (b"%61", b"&#97;", b"a", b"%25%36%31", b"\\u0061", b"&", b"%", b"\\", b"&#x"):
        answer = (letters * 8_192)[:8_192]
        assert yardsticks(partial(without, answer, secrets, cut=True), limit=500) < 500, letters
