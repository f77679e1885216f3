"""Texts in settings, and what is said of those that are wrong."""

import ssl
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, ValidationError

MAX_PORT = 65_535


def _certificates(file: Path) -> Path:
    try:
        ssl.create_default_context(cafile=file)
    except OSError as error:
        raise ValueError(f"no certificates can be read from {file}: {error.strerror}") from None
    return file


CaFile = Annotated[Path, AfterValidator(_certificates)]
"""A file of certificates in PEM: one that is missing would look like a server that is away, for ever."""


def address(text: str) -> str:
    """Check that a text is HOST:PORT, and return it.

    Raises:
        ValueError: it is not.
    """
    host, colon, port = text.strip().rpartition(":")
    if not (host and colon and port.isdecimal() and port.isascii() and 0 < int(port[:6]) <= MAX_PORT):
        raise ValueError("must be HOST:PORT")  # and is not repeated, since it may hold a password
    return f"{host}:{int(port)}"


def url(text: str) -> str:
    """Take the URL of a server, without a slash at its end.

    Raises:
        ValueError: it is none, or has no host.
    """
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"}:
        raise ValueError("must begin with http:// or https://")
    if not parts.hostname or parts.port == 0:  # the port is read here, and may be none
        raise ValueError("must have a host")
    return text.rstrip("/")


def listed(value: Any) -> list[str]:
    """Read a list, or words separated by commas."""
    if isinstance(value, str):
        return [word.strip() for word in value.split(",") if word.strip()]
    if isinstance(value, list | tuple) and all(isinstance(word, str) for word in value):
        return list(value)
    raise ValueError("must be a list of texts")


_FIRST_OF = {"valkey": "valkey.addr (or valkey.sentinel)", "bus": "bus.name"}
"""What to set first in a section that must not be missing."""


def told(error: ValidationError) -> str:
    """Name the first wrong setting and what is wrong with it, without its value."""
    first = error.errors(include_input=False, include_url=False)[0]
    name = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        return f"{name}: there is no such setting"
    if first["type"] == "missing":
        return f"{_FIRST_OF.get(name, name)}: is missing"
    return f"{name}: {first['msg'].removeprefix('Value error, ')}"


def unknown_variable(environ: Mapping[str, str], prefix: str, sections: Collection[str]) -> str | None:
    """Find a variable that begins as ours do and names no section: a typing error that would go unnoticed."""
    for name in sorted(environ):
        section = name.removeprefix(prefix).lower().partition("__")[0]
        if name.startswith(prefix) and section not in sections and section != "config":
            return name
    return None
