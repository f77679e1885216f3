"""The pictures in the documents show what is sent today."""

import pytest

from tests.receivers import SERVICES
from tests.receivers.seen import Part, Run, Seen
from tools.pictures import FOLDER, pictures
from tools.pictures.drawing import WIDTH, draw
from tools.pictures.lines import Look, broken, width


def test_up_to_date() -> None:
    """Each service's picture is drawn from what its preset makes of the sample event now."""
    made = pictures()
    assert sorted(path.stem for path in made) == sorted(SERVICES)
    for path, picture in made.items():
        assert path.read_text(encoding="utf-8") == picture, f"{path} is out of date: run `make pictures`"
    assert sorted(FOLDER.glob("*.svg")) == sorted(made)


@pytest.mark.parametrize("text", ["a b c " * 50, "x" * 300, "가나다 " * 60, "W" * 90])
def test_broken_lines(text: str) -> None:
    """A text is broken between its words, or within a long one, and nothing of it is lost."""
    look = Look(14, "#000")
    lines = broken(Part("text", (Run(text),)), look, 500)
    assert "".join(run.text for line in lines for run in line).split() == text.split() or "".join(
        run.text for line in lines for run in line
    ).replace(" ", "") == text.replace(" ", "")
    assert len(lines) > 1
    assert all(width("".join(run.text for run in line).rstrip(), look) <= 500 for line in lines)


def test_safe() -> None:
    """No text of a message is markup in the picture."""
    seen = Seen((Part("text", (Run("<script>&", link='https://a.example/"><script>'),)),), color='"><x')
    drawn = draw("slack", seen)
    assert "<script>" not in drawn
    assert "<x" not in drawn
    assert f'width="{WIDTH}"' in drawn
