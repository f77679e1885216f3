"""Parse texts in settings, and explain wrong ones."""

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
"""A file of certificates in PEM. It is checked, because a missing file would look like a server that is away
for ever."""


def address(text: str) -> str:
    """Check that a text is HOST:PORT, and return it.

    Raises:
        ValueError: it is not.
    """
    host, colon, port = text.strip().rpartition(":")
    if not (host and colon and port.isdecimal() and port.isascii() and 0 < int(port[:6]) <= MAX_PORT):
        raise ValueError("must be HOST:PORT")  # the text is not quoted, because it may hold a password
    return f"{host}:{int(port)}"


def url(text: str) -> str:
    """Check that a text is the URL of a server, and return it without a trailing slash.

    Raises:
        ValueError: it is none, or has no host.
    """
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"}:
        raise ValueError("must begin with http:// or https://")
    if not parts.hostname or parts.port == 0:  # reading the port validates it
        raise ValueError("must have a host")
    return text.rstrip("/")


def listed(value: Any) -> list[str]:
    """Return a list as it is, or split words separated by commas."""
    if isinstance(value, str):
        return [word.strip() for word in value.split(",") if word.strip()]
    if isinstance(value, list | tuple) and all(isinstance(word, str) for word in value):
        return list(value)
    raise ValueError("must be a list of texts")


_FIRST_OF = {"valkey": "valkey.addr (or valkey.sentinel)", "bus": "bus.name"}
"""The setting to name for a required section that is missing."""


def told(error: ValidationError) -> str:
    """Name the first wrong setting and its fault, without its value."""
    first = error.errors(include_input=False, include_url=False)[0]
    name = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        return f"{name}: there is no such setting"
    if first["type"] == "missing":
        return f"{_FIRST_OF.get(name, name)}: is missing"
    return f"{name}: {first['msg'].removeprefix('Value error, ')}"


def unknown_variable(environ: Mapping[str, str], prefix: str, sections: Collection[str]) -> str | None:
    """Find a variable with our prefix that names no section: a typing error that would go unnoticed."""
    for name in sorted(environ):
        section = name.removeprefix(prefix).lower().partition("__")[0]
        if name.startswith(prefix) and section not in sections and section != "config":
            return name
    return None
