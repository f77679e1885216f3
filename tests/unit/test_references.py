"""What the code and the documents name is there."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.common import ROOT

DECISIONS = {path.stem for path in (ROOT / "docs/decisions").glob("[0-9]*.md")}
NAMED = re.compile(r"decisions?[/ ]([0-9]{4}(?:-[a-z0-9-]+)?)")
LINK = re.compile(r"\]\(([^)\s]+)\)")
HIDDEN = (".git", ".node", ".venv", ".aws-sam", ".local", ".cache", "build")


def files(*endings: str) -> Iterator[Path]:
    """Find the project's own files with these endings."""
    for directory, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if not name.startswith(HIDDEN)]  # what walk enters
        yield from (Path(directory, name) for name in names if name.endswith(endings))


def headings(document: Path) -> set[str]:
    """Name a document's headings as links do."""
    lines = re.findall(r"^#+ +(.*)$", document.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", line.lower()).replace(" ", "-") for line in lines}


def test_decisions_are_there() -> None:
    """Each decision that code or documents name is in docs/decisions, under that number and name."""
    named = [
        (path.relative_to(ROOT), found)
        for path in files(".py", ".md", ".yaml", ".toml")
        for found in NAMED.findall(path.read_text())
    ]
    assert named
    wrong = [
        (path, found) for path, found in named if not any(known.startswith(found) for known in DECISIONS)
    ]
    assert wrong == []


@pytest.mark.parametrize("document", sorted(files(".md")), ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    """Each link within the project leads to a file that is there, and to a heading that it has."""
    for link in LINK.findall(document.read_text()):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, place = link.partition("#")
        target = document.parent / name if name else document
        assert target.exists(), link
        assert not place or place in headings(target), link
