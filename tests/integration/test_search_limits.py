"""A search costs no more than it must: its sort keys, filters, pages and nesting are bounded."""

from typing import Any

import pytest

from notifications.api.models import MAX_ORDERS
from notifications.api.v2 import MAX_FILTER_DEPTH, MAX_FILTERS
from notifications.core.search import MAX_LIMIT
from tests.cloud.gateway import call

pytestmark = pytest.mark.usefixtures("cloud")

INVALID = (400, "generic-bad-request", "api_parsing_invalid-parameters")
V1 = ["/notifications/channels/search", "/notifications/rules/search"]
V2 = [f"/v2{path}" for path in V1]


def nested(depth: int) -> dict[str, Any]:
    """Nest a filter so deep."""
    return {"enabled": True} if depth == 1 else {"NOT": [nested(depth - 1)]}


@pytest.mark.parametrize("path", V1 + V2)
def test_sort_keys_and_page(path: str) -> None:
    """So many sort keys and rows a page may have, and not one more."""
    key = {"field": "name"}
    assert call("POST", path, {"order": [key] * MAX_ORDERS, "limit": MAX_LIMIT}).status == 200
    assert call("POST", path, {"order": [key] * (MAX_ORDERS + 1)}).kind == INVALID
    assert call("POST", path, {"limit": MAX_LIMIT + 1}).kind == INVALID


@pytest.mark.parametrize("path", V2)
def test_filters(path: str) -> None:
    """A filter may have so many parts and be nested so deep, and not more, however they are spread."""
    part = {"enabled": True}
    assert call("POST", path, {"filter": {"AND": [part] * (MAX_FILTERS - 1)}}).status == 200
    assert call("POST", path, {"filter": {"AND": [part] * MAX_FILTERS}}).kind == INVALID
    halves = [{"OR": [part] * (MAX_FILTERS // 2)}, {"NOT": [part] * (MAX_FILTERS // 2)}]
    assert call("POST", path, {"filter": {"AND": halves}}).kind == INVALID
    assert call("POST", path, {"filter": nested(MAX_FILTER_DEPTH)}).status == 200
    assert call("POST", path, {"filter": nested(MAX_FILTER_DEPTH + 1)}).kind == INVALID


@pytest.mark.parametrize("path", ["/notifications/events", "/notifications/deliveries"])
def test_pages_of_records(path: str) -> None:
    """A page of records has the same bounds."""
    assert call("GET", f"{path}?limit={MAX_LIMIT}").status == 200
    for limit in ("0", str(MAX_LIMIT + 1), "-1", "many"):
        assert call("GET", f"{path}?limit={limit}").kind == INVALID
