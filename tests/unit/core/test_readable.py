"""Names and values are written as people read them, within bounds."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.core import readable

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=40,
)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("session_name", "Session name"),
        ("gpuHours", "GPU hours"),
        ("gpu-hours", "GPU hours"),
        ("session_id", "Session ID"),
        ("QuotaExceeded", "Quota exceeded"),
        ("quota.exceeded", "Quota exceeded"),
        ("사용량", "사용량"),
        ("--", "--"),
    ],
)
def test_names_are_words(name: str, words: str) -> None:
    """However a name joins its words, it is read as a phrase."""
    assert readable.words(name) == words


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "yes"),
        (103.5, "103.5"),
        (datetime(2026, 1, 15, 10, 30, tzinfo=UTC), "2026-01-15 10:30:00 UTC"),
        (["a", "b"], "a, b"),
        ([], ""),
        ({"cpu": 2, "mem": "17179869184"}, "cpu: 2, mem: 16 GiB"),
        ({"a": [1, 2], "b": {"c": True}}, "a: 1, 2\nb:\n  c: yes"),
        ([{"a": 1, "b": 2}, {"a": 3}], "- a: 1\n  b: 2\n- a: 3"),
        ([[1, 2], [3]], "- 1\n  2\n- 3"),
    ],
)
def test_values(value: Any, text: str) -> None:
    """Lists and objects are lines that show what is in what; simple ones are one line."""
    assert readable.text(value) == text


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("duration_seconds", 3_600, "1 h"),
        ("duration_seconds", 3_840, "1 h 4 min"),
        ("duration_seconds", 90_061, "1 d 1 h"),
        ("duration_seconds", 86_460, "1 d"),
        ("duration_seconds", 0.25, "0.25 s"),
        ("duration_seconds", "soon", "soon"),
        ("used_bytes", 1_536, "1.5 KiB"),
        ("used_bytes", 12, "12 B"),
        ("used_bytes", True, "yes"),
        ("count", 3_600, "3600"),
    ],
)
def test_fields_by_their_names(name: str, value: Any, text: str) -> None:
    """A number of seconds is a duration, one of bytes a size, if the field's name says so."""
    assert readable.of_field(name, value) == text


@given(VALUES)
def test_any_value_is_bounded(value: Any) -> None:
    """No value takes more than so many characters."""
    assert len(readable.text(value)) <= readable.MAX_CHARS + 1


def test_long_lists_end() -> None:
    """Of a long list the first lines are shown, and that there are more."""
    assert readable.text([[number] for number in range(1_000)]).split("\n")[-1] == "…"
    assert readable.text({"x": "y" * 10_000}).endswith("…")


def test_deep_values_end() -> None:
    """What is nested deeply is left out."""
    deep: Any = "x"
    for _ in range(100):
        deep = {"in": deep}
    assert readable.text(deep).split("\n")[-1].strip() == "…"
