"""Mask credentials: in headers, in responses, and in URLs that are credentials themselves."""

import re
from base64 import b64decode
from collections.abc import Iterable, Iterator
from functools import lru_cache
from urllib.parse import parse_qsl, urlsplit

from notifications.core.dresses import Undressed, in_base64, undressed
from notifications.core.signatures import SECRET_PREFIX, SIGNATURE_HEADER
from notifications.core.values import value

MASK = "***"
MAX_SHOWN_HEADER_CHARS = 1_024
"""A longer value is cut in records."""

SIGNATURE_CHARS = 44
SIGNATURE_CHARS_KEPT = 8
"""How much of each signature is kept in records: 48 bits. They tell which secret made it, and forge nothing,
because a receiver wants all 256."""

MIN_SECRET_BYTES = 8
"""The shortest part of a URL that is masked. A shorter one is a word like "hook", and masking it would garble
responses."""

MIN_CREDENTIAL_BYTES, MIN_PLAIN_CREDENTIAL_BYTES = 4, 6
"""The shortest password or header credential that is masked; the second value is for letters only or digits
only, like "none" and "2026". Below ``MIN_SECRET_BYTES`` it is masked only as a word of its own.
"""

MIN_ENCODED_BYTES = 6
"""The shortest base64 form that is masked. It is no word, so it is masked anywhere."""

_CREDENTIAL = re.compile(
    r"auth|bearer|cookie|credential|hmac|jwt|key|pass|pwd|secret|session|sig|token", re.IGNORECASE
)
_SCHEME = re.compile(r"\s*[A-Za-z-]+\s+(?=\S)")
_SEPARATORS = re.compile(r"[\s,;]+")
_NAMED = re.compile(r"[\w.-]+=(?=[^=])")
_RANDOM = re.compile(r"(?=.*[A-Za-z])(?=.*\d)")
_SIGNATURE = re.compile(rf"(v1,[A-Za-z0-9+/]{{{SIGNATURE_CHARS_KEPT}}})[A-Za-z0-9+/]{{35}}=")
_TOKEN = re.compile(r"(?=.{4})(?=.*[A-Za-z])(?=.*\d)|(?=.{12})(?=.*[a-z])(?=.*[A-Z])")
_NAMES_KEPT = 1_024
_SECRETS_KEPT = 4_096
_URLS_KEPT = 4_096


@value
class Known:
    """The secrets to look for in a text: ``parts`` anywhere, ``words`` only as words of their own."""

    parts: frozenset[bytes]
    words: frozenset[bytes] = frozenset()


@lru_cache(maxsize=_NAMES_KEPT)
def is_credential(header: str) -> bool:
    """Return whether a header is a credential, judged by its name."""
    return _CREDENTIAL.search(header) is not None


def masked_headers(
    headers: Iterable[tuple[str, str]], *, keep_signature_beginnings: bool = False
) -> dict[str, str]:
    """Return headers with their credentials masked.

    ``keep_signature_beginnings``: of each signature, the version and ``SIGNATURE_CHARS_KEPT`` stay.
    """
    kept = SIGNATURE_HEADER if keep_signature_beginnings else None
    return {
        name: (_masked_signatures(value) if name == kept else MASK)
        if is_credential(name)
        else value[:MAX_SHOWN_HEADER_CHARS]
        for name, value in headers
    }


def _masked_signatures(header: str) -> str:
    """Keep the beginning of each signature: during a rotation there are several."""
    found = map(_SIGNATURE.fullmatch, header.split(" "))
    return " ".join([f"{each[1]}{MASK}" if each else MASK for each in found])


@lru_cache(maxsize=_URLS_KEPT)
def masked_url(url: str) -> str:
    """Return a URL without its path and query, because at some receivers they are the credential."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return MASK
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}/{MASK if parts.path.strip('/') or parts.query else ''}"


def is_secret_url(url: str) -> bool:
    """Return whether a URL seems to hold a credential: in a query, an account, or a part that looks random.

    That is a guess. Where a wrong one would do harm, ``masked_url`` takes all parts for credentials.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return True
    segments = re.split("[/:]", parts.path)
    return bool(parts.query) or "@" in parts.netloc or any(map(_TOKEN.match, segments))


def without_credentials(
    response: bytes,
    url: str,
    headers: Iterable[tuple[str, str]],
    signing: tuple[str, ...] = (),
    *,
    cut: bool = False,
) -> bytes:
    """Mask the request's credentials in a response, because some receivers echo what they get.

    ``signing``: the secrets that the message was signed with, which the receiver has too. ``cut``: there was
    more of the response, so it may end in the middle of a credential.
    """
    if len(response) < MIN_CREDENTIAL_BYTES:
        return response
    # The signature differs in every message, so in the cache it would push out what is asked for again.
    lasting = tuple(pair for pair in headers if is_credential(pair[0]) and pair[0] != SIGNATURE_HEADER)
    known = _of_request(url, lasting, signing)
    if cut or len(response) >= SIGNATURE_CHARS:
        made = [form for name, text in headers if name == SIGNATURE_HEADER for form in _of_signatures(text)]
        known = Known(known.parts.union(made), known.words)
    return without(response, known, cut=cut)


def without(raw: bytes, known: Known, *, cut: bool = False) -> bytes:
    """Mask known secrets in a text."""
    text = Undressed(raw, cut=cut)
    found = [span for secret in known.parts for span in text.find(secret)]
    found += [span for secret in known.words for span in text.find(secret, word=True)]
    shown = bytearray()
    end = 0
    for start, stop in sorted(found):
        if stop > end:
            shown += raw[end:start] + MASK.encode() if start >= end else b""
            end = stop
    return bytes(shown + raw[end:]) if end else raw


def looked_for(credentials: Iterable[str], parts: Iterable[str] = ()) -> Known:
    """Return the forms in which secrets may appear in a text, without those that are too short.

    ``parts``: the parts of a URL, which may be secrets.
    """
    anywhere: set[bytes] = set()
    words: set[bytes] = set()
    for raw in _readings(credentials):
        plain = raw.isalpha() or raw.isdigit()
        if len(raw) >= (MIN_PLAIN_CREDENTIAL_BYTES if plain else MIN_CREDENTIAL_BYTES):
            anywhere |= {form for form in _encoded(raw) if len(form) >= MIN_ENCODED_BYTES}
            for form in (raw, undressed(raw)):
                (anywhere if len(form) >= MIN_SECRET_BYTES else words).add(form)
    for raw in _readings(parts):
        anywhere |= {form for form in (raw, undressed(raw), *_encoded(raw)) if len(raw) >= MIN_SECRET_BYTES}
    whole = frozenset(word for word in words if len(word) >= MIN_CREDENTIAL_BYTES)
    return Known(frozenset(form for form in anywhere if len(form) >= MIN_ENCODED_BYTES), whole)


def _readings(secrets: Iterable[str]) -> set[bytes]:
    """Return secrets as UTF-8, and as repeated by receivers that decode UTF-8 as Latin-1."""
    sent = {secret.encode(errors="replace") for secret in secrets}
    return sent | {raw.decode("latin-1").encode() for raw in sent}


def _encoded(raw: bytes) -> set[bytes]:
    forms = in_base64(raw)
    return {*forms, *map(undressed, forms), raw.hex().encode(), raw.hex().upper().encode()}


def _of_signatures(header: str) -> Iterator[bytes]:
    """Return what to look for of each signature: as it is, and without escapes, of which "+" is one."""
    for signature in header.split():
        plain = signature.partition(",")[2].encode()
        yield plain
        yield plain.replace(b"+", b" ")


@lru_cache(maxsize=_SECRETS_KEPT)
def _of_request(url: str, headers: tuple[tuple[str, str], ...], signing: tuple[str, ...]) -> Known:
    """Return what of a request a response must not repeat."""
    credentials = {*signing, *(secret.removeprefix(SECRET_PREFIX) for secret in signing)}
    for _, text in headers:
        credentials |= {text, *_of_header(text)}
    try:
        parts = urlsplit(url)
    except ValueError:
        return looked_for(credentials, [url])
    segments = parts.path.rstrip("/").split("/")
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    credentials |= {text for name, text in pairs if is_credential(name)}
    found = {parts.path, parts.query, f"{parts.path}?{parts.query}", segments[-1]}
    # A token may stand before the last segment ("/bot123456:AbC/sendMessage"), but so do words like
    # "webhooks", so only segments that look random count there.
    found |= {part for text in segments for part in (text, *text.split(":")) if _RANDOM.match(part)}
    found |= {text or name for name, text in pairs}
    return looked_for(credentials, found)


def _of_header(text: str) -> Iterator[str]:
    """Return the credentials inside a header's value: after a scheme, in pairs, in basic authentication."""
    scheme = _SCHEME.match(text)
    for part in _SEPARATORS.split(text[scheme.end() :] if scheme else text):
        named = _NAMED.match(part)
        secret = (part[named.end() :] if named else part).strip('"')
        yield from (secret, secret.partition(":")[2])
    if scheme and scheme[0].strip().lower() == "basic":
        yield from _basic(text[scheme.end() :])


def _basic(encoded: str) -> Iterator[str]:
    """Return the credentials of HTTP basic authentication: the password, alone and with the user."""
    try:
        pair = b64decode(encoded.strip() + "==").decode()
    except ValueError:
        return
    yield from (pair, pair.partition(":")[2])
