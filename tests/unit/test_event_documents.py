"""An event's document comes back as it was, in however many items it is kept."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.store import documents
from notifications.store.documents import PART_BYTES, PLAIN_BYTES
from notifications.store.items import Item
from tests.proxy.throttle.capacity import size
from tests.samples.configuration import noise

LARGEST = 1024 * 1024
ITEM_LIMIT = 400 * 1024


def kept(document: str) -> tuple[Item, list[Item]]:
    """Build a document: the attributes of its record, and its parts."""
    return documents.attributes(document), documents.parts("e-1", document, 1)


@given(st.text(st.characters(exclude_categories=["Cs"])), st.integers(1, 40_000))
def test_round_trip(text: str, times: int) -> None:
    """Whatever is in it and however often, the document comes back."""
    document = text * times
    record, parts = kept(document)
    assert documents.read(record, parts) == document
    assert documents.is_parted(record) == bool(parts)


@pytest.mark.parametrize("length", [0, 1, PLAIN_BYTES, PLAIN_BYTES + 1, 3 * PART_BYTES, LARGEST])
def test_no_item_is_larger_than_dynamodb_takes(length: int) -> None:
    """Even of the largest document, of which nothing shorter can be made, each item has room."""
    document = noise(length)
    record, parts = kept(document)
    assert max(size(item) for item in [record, *parts]) < ITEM_LIMIT - 10_000
    assert documents.read(record, parts) == document


def test_a_short_document_is_readable_text() -> None:
    """An ordinary event's document is kept as it came."""
    assert kept('{"id": "e-1"}') == ({"document": {"S": '{"id": "e-1"}'}}, [])


def test_a_long_document_of_json_is_one_item() -> None:
    """Half a megabyte of ordinary JSON needs no parts."""
    document = json.dumps([{"id": number, "status": "RUNNING"} for number in range(16_000)])
    assert len(document) > LARGEST // 2
    record, parts = kept(document)
    assert (list(record), parts) == (["packed"], [])


def test_parts_are_named_by_what_they_say() -> None:
    """Two documents under one event's id have no part in common, so neither replaces one of the other's."""
    keys = [
        {(part["pk"]["S"], part["sk"]["S"]) for part in kept(noise(LARGEST) + end)[1]} for end in ("a", "b")
    ]
    assert all(len(each) > 1 for each in keys)
    assert keys[0].isdisjoint(keys[1])
