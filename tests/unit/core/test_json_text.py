"""JSON is read with numbers that every reader can hold, and with no others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.core.json_text import UnusableNumber, compact, read

LARGEST = "179769313486231570000"  # and 288 zeros: the largest double is that large


@pytest.mark.parametrize(
    "number",
    ["1e400", "-1e400", "1.5E+309", "1" + "0" * 309, "-" + "9" * 5_000, "NaN", "Infinity", "-Infinity"],
)
@pytest.mark.parametrize("text", ["{}", '{{"a": [1, {}]}}', '[0, {{"b": {}}}]'])
def test_beyond_a_double(text: str, number: str) -> None:
    """A number that a double cannot hold is refused wherever it is, in few words."""
    with pytest.raises(UnusableNumber) as refusal:
        read(text.format(number))
    assert number[:20] in str(refusal.value)
    assert len(str(refusal.value)) < 100


@pytest.mark.parametrize(
    "number",
    ["1e308", "-1.7976931348623157e308", "5e-324", "1e-400", "0", "-0", "9" * 308, LARGEST + "0" * 288],
)
def test_within_a_double(number: str) -> None:
    """A number within a double's range is read, one that is too small as zero."""
    assert read(f"[{number}]") == [float(number) if set(number) & set(".e") else int(number)]


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(10**300), 10**300)
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=10,
    )
)
def test_what_is_written_is_read(value: object) -> None:
    """What is written in the compact form is read as it was."""
    assert read(compact(value)) == value
