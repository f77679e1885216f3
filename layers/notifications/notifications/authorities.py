"""The authorities whose certificates are trusted."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path


@cache
def ca_file() -> str:
    """Find the file of the package certifi, as PEM. To import the package would cost ten times as much."""
    spec = find_spec("certifi")
    assert spec  # noqa: S101 - it is pinned
    assert spec.origin  # noqa: S101 - and a package with code
    return str(Path(spec.origin).with_name("cacert.pem"))
