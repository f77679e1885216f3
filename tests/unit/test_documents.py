"""What the documents tell a reader to type refers to files that are there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_FILE = re.compile(r"(?:--(?:data|schema|spec|template)-file|local invoke \w+ -e)[ =]([^\s'`|]+)")


@pytest.mark.parametrize("name", ["README.md", "docs/events.md", "docs/templates.md", "events/README.md"])
def test_named_files_exist(name: str) -> None:
    """Each file in an example is there, seen from the root; a dash and a word in capitals stand for one."""
    named = _FILE.findall((ROOT / name).read_text("utf-8"))
    missing = [path for path in named if path != "-" and not path.isupper() and not (ROOT / path).is_file()]
    assert missing == []


def test_the_search_finds_some() -> None:
    """There are such examples."""
    assert len(_FILE.findall((ROOT / "README.md").read_text("utf-8"))) > 3
