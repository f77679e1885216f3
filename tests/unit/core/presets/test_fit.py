"""Whatever an event says, its service takes the message."""

import re
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.core.errors import UnusableBody
from notifications.core.messages import Message
from notifications.core.model import LEVELS, PresetName
from notifications.core.presets import PRESETS, fitted, problems
from notifications.core.presets.cutting import NOTHING_SPECIAL, cut, utf16
from notifications.core.presets.preset import mark
from notifications.core.values import replace
from tests.samples import hostile
from tests.unit.core.presets.asking import EVENT, MESSAGE, NAMES, ask, escaped, seen

messages = st.fixed_dictionaries(
    {
        "title": hostile.long_texts,
        "text": hostile.long_texts,
        "fields": st.lists(st.tuples(hostile.texts, hostile.long_texts), max_size=30),
        "level": st.sampled_from(LEVELS),
        "link": st.one_of(st.none(), hostile.texts, st.just("https://a.example/" + "x" * 3_000)),
        "dedup": st.one_of(st.none(), hostile.long_texts),
    }
)


@pytest.mark.parametrize("name", NAMES)
@given(parts=messages)
def test_every_message_is_taken(name: PresetName, parts: dict[str, Any]) -> None:
    """A composed message is within every limit, and its markup is still whole."""
    message = escaped(name, **parts)
    labels = tuple((PRESETS[name].escape(label), text) for label, text in message.fields)
    answer = ask(name, PRESETS[name].compose(replace(message, fields=labels)))
    assert answer.seen is not None, answer
    assert not answer.seen.mentions


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("character", ["x", "😀", "e\u0301", "&", "*", "가", "👩‍👩‍👧‍👦", "🇰🇷", "\\"])
def test_cut_between_characters(name: PresetName, character: str) -> None:
    """A long text is cut between its characters and its escapes, and the event's id marks the cut."""
    if name == "pagerduty":
        message = escaped(name, title=character * 3_000, text="x", fields=())
        text = PRESETS[name].fit(PRESETS[name].compose(message), mark(EVENT)).body["payload"]["summary"]
    else:
        text = seen(name, escaped(name, title="T", text=character * 60_000, fields=())).text
    found = re.search(rf"((?:{re.escape(character)})+)… \[cut; event {EVENT}\]", text)
    assert found, text[-300:]
    assert character * 3 not in text[: found.start()]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("sign", ['"', "\\", "\n", "\t", "<", "&", "*", "é", "가", "😀", "\u2028", "\x7f"])
def test_nothing_but_one_sign(name: PresetName, sign: str) -> None:
    """Whatever a sign counts where it is escaped or encoded, a message of nothing else is taken."""
    for fields in ([], [("Label", sign * 3_000)] * 30):
        text = seen(name, escaped(name, title=sign * 3_000, text=f"a{sign * 60_000}", fields=fields)).text
        assert EVENT in text


@pytest.mark.parametrize("name", NAMES)
def test_largest_first(name: PresetName) -> None:
    """The largest texts are cut first: a short field stays whole beside a long one."""
    fields = [("Long", "x" * 100_000), ("Short", "all of it"), ("Long too", "y" * 100_000)]
    assert "all of it" in seen(name, escaped(name, title="Title", text="z" * 100_000, fields=fields)).text


@pytest.mark.parametrize("name", NAMES)
def test_what_fits_stays(name: PresetName) -> None:
    """A message within the limits is not cut."""
    assert not PRESETS[name].fit(PRESETS[name].compose(MESSAGE), mark(EVENT)).cut


@pytest.mark.parametrize("name", NAMES)
def test_not_an_object(name: PresetName) -> None:
    """A body that is no JSON object is refused before it is sent, in words."""
    for message in ("[]", '"x"', "1", "null", "not JSON", ""):
        with pytest.raises(UnusableBody):
            fitted(PRESETS[name], message, EVENT)
        assert problems(PRESETS[name], message)


def test_combining_heaps() -> None:
    """A heap of combining characters is cut like any text."""
    message: Message = replace(MESSAGE, text="e" + "\u0301" * 100_000)
    assert unicodedata.normalize("NFC", seen("telegram", message).text)


@pytest.mark.parametrize("character", ["x", "😀", "e\u0301", "👩‍👩‍👧‍👦", "한"])
@pytest.mark.parametrize("most", [5, 60, 1_000, 9_999])
def test_far_cut(character: str, most: int) -> None:
    """A plain text of any length is cut at the same place as one whose characters are all looked at."""
    text = character * 40_000
    looked_at = re.compile("(?!)x")
    assert cut(text, most, utf16, NOTHING_SPECIAL, "…") == cut(text, most, utf16, looked_at, "…")
