"""The manager's lists are read to their end, in bounded time, and many sessions in one request."""

import pytest
from graphql import build_schema, parse, validate

from backendai_notification_bridge.core.errors import ManagerUnavailable
from backendai_notification_bridge.manager.graphql import MAX_PAGES, PAGE
from tests.integration.bridge.managers import manager
from tests.integration.bridge.sessions import AT, ID, ROW, SCHEMA, asking, one

OTHER = ID.replace("0001", "0002")


def listed(count: int, **changes: object) -> tuple[int, object]:
    """Answer with a page of a list."""
    return 200, {"data": {"compute_session_list": {"items": [ROW | changes] * count}}}


def test_lists_are_read_page_by_page() -> None:
    """To their end; each page asks from where the last one ended."""
    with manager(listed(PAGE), listed(PAGE), listed(3)) as server:
        assert len(list(asking(server).ended_since(AT))) == 2 * PAGE + 3
    asked = [body["variables"] for _, _, body in server.requests]
    assert [variables["offset"] for variables in asked] == [0, PAGE, 2 * PAGE]
    assert asked[0]["filter"] == '(status == "TERMINATED") & (terminated_at >= "2026-01-15T09:00:00+00:00")'


def test_a_list_without_end_is_ended() -> None:
    """A manager that answers every page alike does not hold the bridge for ever."""
    with manager(listed(PAGE)) as server:
        assert len(list(asking(server, 30).ended_since(AT))) == PAGE * MAX_PAGES


def test_only_those_that_began_since_then_are_listed() -> None:
    """Until 26.0 the list has all that run; those that began before are left out here."""
    before = {"status_history": '{"RUNNING": "2026-01-15T08:59:59+00:00"}'}
    rows = [ROW, ROW | before, ROW | {"status_history": None, "starts_at": None}]
    with manager((200, {"data": {"compute_session_list": {"items": rows}}})) as server:
        assert [session.started_at for session in asking(server).started_since(AT)] == [AT]


def test_many_sessions_are_looked_up_at_once() -> None:
    """One request for many ids; those that it told need no request of their own, the others do."""
    together = (200, {"data": {"s0": ROW, "s1": None}})
    with manager(together, one(None)) as server:
        client = asking(server)
        client.warm([ID, OTHER, ID])
        found = client.session(ID)
        assert found
        assert found.name == "train-01"
        assert len(server.requests) == 1
        assert client.session(OTHER) is None
        assert client.session(ID) is None
    assert [body["variables"] for _, _, body in server.requests] == [
        {"i0": ID, "i1": OTHER},
        {"id": OTHER},
        {"id": ID},
    ]
    assert validate(build_schema(SCHEMA), parse(server.requests[0][2]["query"])) == []


def test_a_lookup_of_many_that_fails_says_nothing() -> None:
    """What follows asks one by one, and tells what is wrong."""
    with manager((500, {}), one(ROW)) as server:
        client = asking(server)
        client.warm([ID, OTHER])
        assert client.session(ID)


def test_a_list_that_cannot_be_had_is_tried_again() -> None:
    """Errors on a list are no reason to give anything up."""
    failed = {"data": {"compute_session_list": None}, "errors": [{"message": "no"}]}
    with manager((200, failed)) as server, pytest.raises(ManagerUnavailable, match="no"):
        list(asking(server).ended_since(AT))
