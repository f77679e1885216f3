"""Texts in items: deflated when that is shorter, and always read as they were."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.core import json_text
from notifications.core.records import Attempt
from notifications.store import compression
from notifications.store.record_items import delivery_from, event_from

texts = st.text(st.characters(exclude_categories=["Cs"]))
FORMER: dict[str, Any] = json.loads((Path(__file__).parents[1] / "data" / "former-records.json").read_text())
"""Items as the service wrote them before texts were deflated."""

SAMPLES = sorted((Path(__file__).parents[2] / "events").glob("*.json"))


@given(texts | texts.map(lambda text: text * 50))
def test_a_text_comes_back(text: str) -> None:
    """Any text, short or long, is read as it was written."""
    assert compression.text_of("document", compression.attributes("document", text)) == text


@given(texts.filter(lambda text: len(text.encode()) <= compression._SMALL))  # noqa: SLF001 - see there
def test_a_small_window_costs_no_byte(text: str) -> None:
    """A text that is deflated with the small window is as short as with the largest."""
    small = compression.attributes("document", f'{{"message":"{text}{text}"}}' * 5)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compression, "_SMALL", 0)
        assert compression.attributes("document", f'{{"message":"{text}{text}"}}' * 5) == small


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_sample_events_become_much_shorter(sample: Path) -> None:
    """A real event is kept in two thirds of its bytes at most, so that most need one write unit."""
    text = json_text.compact(json.loads(sample.read_text("utf-8")))
    item = compression.attributes("document", text)
    assert len(item[compression.DEFLATED]["B"]) * 3 / 4 < 0.67 * len(text.encode())


def test_a_former_event_is_read() -> None:
    """An event that was recorded with its document as it came has all that it had."""
    record = event_from(FORMER["event"])
    assert (record.status, record.listed, record.look_at) == ("dispatched", True, None)
    assert json.loads(record.document or "")["detail"]["session_id"] == "s-1"


def test_a_former_claim_is_read() -> None:
    """An event that was claimed with its document is one that can be dispatched from its record."""
    record = event_from(FORMER["claim"])
    assert (record.status, record.claims, record.listed) == ("dispatching", 1, True)
    assert record.lease is not None
    assert json.loads(record.document or "")["detail"]["session_id"] == "s-1"


def test_a_former_delivery_is_read() -> None:
    """A delivery whose message and attempts were attributes of their own has all of them."""
    record = delivery_from(FORMER["delivery"])
    assert (record.message, record.subject, record.settled) == ("hello", "Greetings", ("a@example.com",))
    assert record.recipients == {"{{ user }}": "a@example.com"}
    assert record.attempts == (
        Attempt(
            at="2026-01-15T10:30:00.000000Z",
            seconds=0.25,
            status=503,
            error_class="status",
            error="The receiver answered with status 503: busy",
            method="POST",
            url="https://example.com/***",
            headers={"webhook-id": "e-1_r"},
            response="busy",
            response_cut=False,
            recipients={},
        ),
    )
