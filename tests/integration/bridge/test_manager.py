"""The manager's GraphQL is asked with a signature, in bounded time; each kind of response has one meaning."""

import time
from datetime import UTC, datetime
from typing import Any

import pytest
from graphql import build_schema, parse, validate

from backendai_notification_bridge.core.errors import LookupFailed, ManagerUnavailable
from backendai_notification_bridge.core.sessions import Session
from backendai_notification_bridge.manager.graphql import MAX_PAGES, PAGE, Manager
from backendai_notification_bridge.manager.http import MAX_RESPONSE_BYTES
from tests.integration.bridge.managers import ManagerServer, manager

ID = "0b8c4d5e-1111-4a6b-9c1d-000000000001"
ROW: dict[str, Any] = {
    "id": ID,
    "name": "train-01",
    "type": "BATCH",
    "cluster_mode": "multi-node",
    "status": "TERMINATED",
    "status_info": "user-requested",
    "access_key": "AKIAIOSFODNN7EXAMPLE",
    "domain_name": "default",
    "group_name": "vision",
    "user_id": "f38dea23-50fa-42a0-b5ae-338f5f4693f4",
    "user_email": "ada@example.com",
    "scaling_group": "gpu",
    "image": "registry.example/python:3.13",
    "requested_slots": '{"cpu": "2", "mem": "1073741824", "cuda.shares": null}',
    "agent_ids": ["i-agent01", None],
    "created_at": "2026-01-15T08:59:00.000001+00:00",
    "starts_at": "2026-01-15T07:00:00+00:00",
    "terminated_at": "2026-01-15T19:00:00+09:00",
    "status_history": '{"PENDING": "2026-01-15T08:59:00+00:00", "RUNNING": "2026-01-15T09:00:00+00:00"}',
    "containers": [
        {"cluster_role": "sub", "status_data": '{"kernel": {"exit_code": 1}}'},
        {"cluster_role": "main", "status_data": '{"kernel": {"exit_code": 137}}'},
    ],
}
OTHER = ID.replace("0001", "0002")
AT = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)

SCHEMA = """
scalar UUID
scalar DateTime
scalar JSONString
type Query {
  user(domain_name: String, email: String): User
  compute_session(id: UUID!): ComputeSession
  compute_session_list(limit: Int!, offset: Int!, filter: String, order: String): ComputeSessionList
}
type User { email: String role: String }
type ComputeSessionList { items: [ComputeSession]! total_count: Int! }
type ComputeContainer { cluster_role: String status_data: JSONString }
type ComputeSession {
  id: ID, name: String, type: String, cluster_mode: String
  status: String, status_info: String, access_key: String, domain_name: String
  group_name: String, user_id: UUID, user_email: String, scaling_group: String
  image: String, requested_slots: JSONString, agent_ids: [String], created_at: DateTime
  starts_at: DateTime, terminated_at: DateTime, status_history: JSONString, containers: [ComputeContainer]
}
"""
"""The part of the manager's schema that is asked for; the same from 25.6 to 26.8."""


def asking(server: ManagerServer, seconds: float = 5) -> Manager:
    """Make a client of a server."""
    return Manager(server.endpoint, ("AKIAEXAMPLE", "secret"), seconds)


def one(row: object, **more: object) -> tuple[int, object]:
    """Answer with one session."""
    return 200, {"data": {"compute_session": row}, **more}


def test_a_session_is_read_whole() -> None:
    """Types in lower case, JSON within JSON, the start from the history, the main container's exit code."""
    with manager(one(ROW, errors=None)) as server:
        assert asking(server).session(ID) == Session(
            id=ID,
            name="train-01",
            type="batch",
            cluster_mode="multi-node",
            status="TERMINATED",
            status_info="user-requested",
            project="vision",
            domain="default",
            user_id="f38dea23-50fa-42a0-b5ae-338f5f4693f4",
            user_email="ada@example.com",
            access_key="AKIAIOSFODNN7EXAMPLE",
            resource_group="gpu",
            image="registry.example/python:3.13",
            requested_slots={"cpu": "2", "mem": "1073741824"},
            agent_ids=("i-agent01",),
            created_at=datetime(2026, 1, 15, 8, 59, 0, 1, tzinfo=UTC),
            started_at=AT,
            terminated_at=datetime(2026, 1, 15, 10, 0, tzinfo=UTC),
            exit_code=137,
        )


def test_requests_are_signed_and_valid_graphql() -> None:
    """To the one path, with the id as a variable; each query holds against the manager's schema."""
    with manager(
        (200, {"data": {"compute_session": None, "compute_session_list": None, "user": None}})
    ) as server:
        client = asking(server)
        client.session(ID)
        list(client.ended_since(AT))
        list(client.started_since(AT))
        client.role()
    schema = build_schema(SCHEMA)
    for path, headers, body in server.requests:
        assert path == "/admin/gql"
        assert headers["Authorization"].startswith(
            "BackendAI signMethod=HMAC-SHA256, credential=AKIAEXAMPLE:"
        )
        assert headers["Host"] == server.endpoint.removeprefix("http://")
        assert validate(schema, parse(body["query"])) == []
    assert server.requests[0][2]["variables"] == {"id": ID}


@pytest.mark.parametrize("status_data", [None, "{}", "[]", "{", '{"kernel": {"exit_code": null}}', 5])
def test_what_has_another_form_is_left_out(status_data: object) -> None:
    """A field that is not what it should be costs that field, not the session."""
    containers = [{"cluster_role": "main", "status_data": status_data}, None, 5]
    odd = dict.fromkeys(ROW, 5) | {
        "id": ID,
        "containers": containers,
        "status_history": '{"RUNNING": "never"}',
    }
    with manager(one(odd)) as server:
        assert asking(server).session(ID) == Session(id=ID)


@pytest.mark.parametrize(
    ("history", "started"), [(None, "07:00"), ("{}", "07:00"), ('{"PENDING": "2026-01-15T08:59:00Z"}', None)]
)
def test_a_session_that_never_ran_has_no_start(history: str | None, started: str | None) -> None:
    """What was asked for is no start: only without any history the field of that name is believed."""
    with manager(one({**ROW, "status_history": history})) as server:
        found = asking(server).session(ID)
        assert found
        assert (found.started_at and f"{found.started_at:%H:%M}") == started


def test_texts_of_the_manager_are_made_well_formed() -> None:
    """Half a surrogate pair in a response would stop the event on its way to the bus."""
    with manager(one({**ROW, "name": "\ud800"})) as server:
        found = asking(server).session(ID)
        assert found
        assert found.name == "?"


def test_an_unknown_session_is_none() -> None:
    """``null`` without errors: there is none, or the keypair may not see it."""
    with manager(one(None)) as server:
        assert asking(server).session(ID) is None


def test_errors_in_a_part_leave_the_rest() -> None:
    """Containers that the manager cannot tell are no reason to lose the session's name."""
    with manager(one({**ROW, "containers": None}, errors=[{"message": "containers"}])) as server:
        found = asking(server).session(ID)
        assert found
        assert (found.name, found.exit_code) == ("train-01", None)


def test_errors_alone_are_a_failed_lookup() -> None:
    """Said in the manager's words, cut."""
    with (
        manager(one(None, errors=[{"message": "no such thing " + "x" * 5000}])) as server,
        pytest.raises(LookupFailed, match="no such thing") as caught,
    ):
        asking(server).session(ID)
    assert len(caught.value.reason) < 300


def test_a_release_without_some_field_is_asked_for_fewer() -> None:
    """A field that a later release drops does not stop the bridge: name and type still come."""
    unknown = one(None, errors=[{"message": "Cannot query field 'scaling_group' on type 'ComputeSession'."}])
    fewer = {name: ROW[name] for name in ("id", "name", "type", "cluster_mode", "status", "status_info")}
    with manager(unknown, one(fewer)) as server:
        client = asking(server)
        for _ in range(2):
            found = client.session(ID)
            assert found
            assert (found.name, found.type, found.image) == ("train-01", "batch", None)
    assert ["scaling_group" in body["query"] for _, _, body in server.requests] == [True, False, False]


@pytest.mark.parametrize(
    ("status", "answer", "said"),
    [
        (401, {"title": "Credential/signature mismatch."}, "401 Credential"),
        (500, b"oops", "500"),
        (502, b"<html>", "502"),
        (302, b"", "302"),
        (200, b"oops", "no data"),
        (200, b"[" * 200_000, "no data"),
        (200, [], "no data"),
        (200, {"data": None}, "no data"),
        (200, {"data": []}, "no data"),
    ],
)
def test_anything_else_is_a_manager_that_is_unavailable(status: int, answer: object, said: str) -> None:
    """It is tried again later; redirects are not followed, since they are not signed."""
    with manager((status, answer)) as server:
        with pytest.raises(ManagerUnavailable, match=said):
            asking(server).session(ID)
        assert len(server.requests) == 1


def test_an_answer_that_drips_or_floods_is_ended() -> None:
    """The whole response has one limit of time and one of size."""
    with manager((200, 0.05)) as server:
        began = time.monotonic()
        with pytest.raises(ManagerUnavailable, match="too long"):
            asking(server, 0.5).session(ID)
        assert time.monotonic() - began < 5
    with (
        manager((200, b" " * (MAX_RESPONSE_BYTES + 1))) as server,
        pytest.raises(ManagerUnavailable, match="larger"),
    ):
        asking(server, 30).session(ID)


def test_a_manager_that_is_not_there_is_unavailable() -> None:
    """The connection is refused."""
    with manager((200, {})) as server:
        pass
    with pytest.raises(ManagerUnavailable, match="does not answer"):
        asking(server).session(ID)


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


@pytest.mark.parametrize(("answered", "role"), [({"role": "SUPERADMIN"}, "superadmin"), (None, None)])
def test_the_keypairs_role_is_told(answered: object, role: str | None) -> None:
    """For ``check``."""
    with manager((200, {"data": {"user": answered}})) as server:
        assert asking(server).role() == role


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
