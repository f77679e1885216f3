"""What --debug tells on stderr of each request and response. Credentials in them are masked."""

import json
import re
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from backendai_notification_cli.terminal.visible import visible

if TYPE_CHECKING:
    from backendai_notification_cli.http.service import Hider

MASK = "********"
MAX_BODY_CHARS = 10_000
"""How much of a body is shown."""

_SECRET_NAME = re.compile(
    r"secret|password|passwd|token|authorization|api[-_]?key|access[-_]?key|private|credential|cookie|signature"
    r"|client[-_]?key|certificate",
    re.IGNORECASE,
)
_CREDENTIAL = re.compile(r"credential=([^:\s]+):[0-9a-f]+")
_SIGNING_SECRET = re.compile(r"whsec_[A-Za-z0-9+/=_-]+")
_URL = re.compile(r"(https?://)(?:[^\s/@\"'<>]*@)?([^\s/?#\"'<>]+)([/?#][^\s\"'<>]*)?")
_ALL_MASKED = ("headers",)
"""The objects of which every value is masked: a header may have a credential under any name."""

_TOLD_WHOLE = ("type",)
"""The keys of URLs that say what kind of problem it is."""


class Trace:
    """Tells of requests as they are made, and how long each took. ``hidden``: what is left out of bodies."""

    def __init__(self, hidden: "Hider | None" = None) -> None:
        self._begun = 0.0
        self._hidden = hidden

    def asked(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> None:
        """Tell of a request."""
        self._begun = time.monotonic()
        _tell(f"> {method} {url}")
        for name, value in headers.items():
            _tell(f">   {name}: {_masked_header(name, value)}")
        if body is not None:
            _tell(f">   {shown(body, self._hidden)}")

    def answered(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        """Tell of the response."""
        _tell(f"< {status} in {self._milliseconds()} ms, {len(body)} bytes")
        for name, value in headers.items():
            _tell(f"<   {name}: {_masked_header(name, value)}")
        if body:
            _tell(f"<   {shown(body, self._hidden)}")

    def failed(self, fault: str) -> None:
        """Tell that there is no response."""
        _tell(f"< none in {self._milliseconds()} ms: {fault}")

    def _milliseconds(self) -> int:
        return round(1000 * (time.monotonic() - self._begun))


def shown(body: bytes, hidden: "Hider | None" = None) -> str:
    """Return a body as one line, without credentials; anything but JSON is only counted."""
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        return f"{len(body)} bytes that are not JSON"
    text = json.dumps(masked(read), ensure_ascii=False)
    text = text if hidden is None else hidden.text(text)
    return text if len(text) <= MAX_BODY_CHARS else f"{text[:MAX_BODY_CHARS]}…"


def masked(value: Any, name: str = "", *, inside: bool = False) -> Any:
    """Return a JSON value without credentials. ``name``: its key; ``inside``: of an object that is secret."""
    inside = inside or bool(_SECRET_NAME.search(name))
    if isinstance(value, dict):
        hidden = inside or name.lower() in _ALL_MASKED
        return {key: masked(part, key, inside=hidden) for key, part in value.items()}
    if isinstance(value, list):
        return [masked(part, name, inside=inside) for part in value]
    if value is None or isinstance(value, bool):
        return value
    if inside:
        return MASK
    if not isinstance(value, str) or name in _TOLD_WHOLE:
        return value
    return _masked_text(value)


def _masked_text(text: str) -> str:
    def cut(match: re.Match[str]) -> str:
        return f"{match[1]}{match[2]}/{MASK}" if match[3] not in {None, "/"} else f"{match[1]}{match[2]}"

    return _URL.sub(cut, _SIGNING_SECRET.sub(f"whsec_{MASK}", _CREDENTIAL.sub(f"credential={MASK}", text)))


def _masked_header(name: str, value: str) -> str:
    if name.lower() == "authorization":
        return _CREDENTIAL.sub(f"credential={MASK}", value) if _CREDENTIAL.search(value) else MASK
    return MASK if _SECRET_NAME.search(name) else value


def _tell(line: str) -> None:
    click.echo(visible(line), err=True)
