"""No value makes markup, a link or a mention that the template did not write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.core.model import PresetName
from notifications.core.presets import PRESETS
from tests.samples import hostile
from tests.unit.core.presets.asking import NAMES, escaped, seen


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("text", hostile.PIECES)
def test_bait(name: PresetName, text: str) -> None:
    """What looks like markup is shown as it is, wherever it stands."""
    safe = seen(name, escaped(name, title="x", text="x", fields=[("Label", "x")])).active
    found = seen(name, escaped(name, title=text, text=text, fields=[("Label", text)]))
    assert found.active == safe, found
    assert not found.mentions


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("blank", [" ", "\t", "\u2003", "\u00a0 "])
@pytest.mark.parametrize("text", ["> quote", "# heading", "- item", "1. item", "+ item", "== ="])
def test_after_blanks(name: PresetName, blank: str, text: str) -> None:
    """Blanks before markup do not hide it: they are cut off where a text begins."""
    safe = seen(name, escaped(name, title="x", text="x", fields=[("Label", "x")])).active
    bait = f"{blank}{text}"
    found = seen(name, escaped(name, title=bait, text=bait, fields=[("Label", bait)]))
    assert found.active == safe, found


ADDRESSES = (
    "https://evil.example/a_b", "HTTP://evil.example", "see http://evil.example.", "(https://evil.example)",
    "ftp://evil.example/x", "_https://evil.example_", "www.evil.example", "www2.evil.example/x",
    "WwW.evil.example", "_www.evil.example", "mailto:x@evil.example", "MAILTO:x@evil.example", "Tel:123",
)  # fmt: skip


@pytest.mark.parametrize("name", sorted({*NAMES} - {"ntfy", "pagerduty"}))
@pytest.mark.parametrize("text", ADDRESSES)
def test_addresses(name: PresetName, text: str) -> None:
    """An address in a value is no link, but at those services that link them whatever is written."""
    found = seen(name, escaped(name, title=text, text=text, fields=[("Label", text)], link=None))
    assert [run for part in found.parts for run in part.runs if run.link] == []


@pytest.mark.parametrize("name", NAMES)
@given(title=hostile.texts, text=hostile.texts, value=hostile.texts)
def test_any(name: PresetName, title: str, text: str, value: str) -> None:
    """Also together with other such texts."""
    safe = seen(name, escaped(name, title="x", text="x", fields=[("Label", "x")])).active
    found = seen(name, escaped(name, title=f"a{title}", text=f"a{text}", fields=[("Label", value)]))
    assert found.active == safe, found


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "text",
    [
        "my_session_name",
        "cr.backend.ai/stable/python:3.9-ubuntu20.04",
        "a & b < c > d",
        "5 * 3 * 2",
        "12:30:45",
        "somebody@example.com",
        "/home/work/data.csv",
        "100 %, 3.5 GiB (of 4)",
        "한국어 😀 עברית",
        "__init__.py [1]",
        "{'a': 1}",
    ],
)
def test_shown_as_it_is(name: PresetName, text: str) -> None:
    """An ordinary text reaches the reader letter by letter, so that it can be copied."""
    assert text in seen(name, escaped(name, title="x", text=text, fields=())).text


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("around", ["({})", "({}).", "*{}*", "[{}]", '"{}",', "<{}>", "{}?!"])
def test_addresses_stay_whole(name: PresetName, around: str) -> None:
    """Around an address its signs are shown as they are, so that whoever copies it is led there."""
    text = around.format("https://wiki.example/a/b?c=1")
    shown = seen(name, escaped(name, title="x", text=f"see {text} there", fields=())).text
    assert f"see {text} there" in shown.replace("\u200b", "")


@pytest.mark.parametrize("name", NAMES)
@given(text=st.text(max_size=200))
def test_pure(name: PresetName, text: str) -> None:
    """An escape never fails, and the same value always has the same one."""
    escape = PRESETS[name].escape
    assert escape(text) == escape(text)


@pytest.mark.parametrize("name", NAMES)
def test_linear(name: PresetName) -> None:
    """200 KiB of any bait are escaped at once."""
    for bait in (":", ":a", "[", "](", "http://", "@", "_", "*a", "\\", "&", "<", "\n>", "1.", "www.", "`"):
        assert PRESETS[name].escape(bait * (200 * 1024 // len(bait)))
