"""What the local stack is made of, so that nothing is built and deployed twice."""

import hashlib
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from local.common import ROOT

SOURCES = ("template.yaml", "samconfig.toml", "functions", "layers", "packing", "local/sam.py")
"""All that sam reads of the clone, and what decides how it is called."""


def fingerprint(parameters: Iterable[str]) -> str:
    """Return what changes with the sources, the parameters or this Python."""
    found = hashlib.sha256(repr((sys.version, *parameters)).encode())
    for file in _files():
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        found.update(f"{file.relative_to(ROOT)} {file.stat().st_mode} {content}\n".encode())
    return found.hexdigest()


def _files() -> Iterator[Path]:
    for source in SOURCES:
        place = ROOT / source
        if place.is_file():
            yield place
        else:
            yield from sorted(
                file for file in place.rglob("*") if file.is_file() and "__pycache__" not in file.parts
            )
