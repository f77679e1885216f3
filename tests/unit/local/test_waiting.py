"""Waiting ends with what was waited for, or at its limit."""

from itertools import count

import pytest

from local.common import StackError
from local.waiting import until


def test_what_is_seen_is_returned() -> None:
    """It looks again until there is something."""
    looks = count()
    assert until("the third look", lambda: "seen" if next(looks) == 2 else None) == "seen"
    assert next(looks) == 3


def test_what_never_comes_is_named() -> None:
    """After the limit the error says what was waited for; commands and tests both know its kind."""
    with pytest.raises(TimeoutError, match=r"Waited 0\.05 s in vain: the impossible") as caught:
        until("the impossible", lambda: False, 0.05)
    assert isinstance(caught.value, StackError)
