"""The authorities whose certificates are trusted."""

import os
import tempfile
from functools import cache
from importlib.util import find_spec
from pathlib import Path

VARIABLE = "CA_BUNDLE"
"""Certificates of a stack's own authorities, as PEM; empty for none. A parameter cannot have line breaks, so
``\\n`` stands for one."""


@cache
def ca_file() -> str:
    """Find the file of the package certifi, as PEM. To import the package would cost ten times as much."""
    spec = find_spec("certifi")
    assert spec  # noqa: S101 - it is pinned
    assert spec.origin  # noqa: S101 - and a package with code
    return str(Path(spec.origin).with_name("cacert.pem"))


@cache
def receivers_ca_file() -> str:
    """Return the file of those whom receivers may be certified by: the usual ones, and the stack's own."""
    own = os.environ.get(VARIABLE, "").replace("\\n", "\n").strip()
    if not own:
        return ca_file()
    with tempfile.NamedTemporaryFile("w", prefix="ca-", suffix=".pem", delete=False) as file:
        file.write(Path(ca_file()).read_text("utf-8") + "\n" + own + "\n")
    return file.name
