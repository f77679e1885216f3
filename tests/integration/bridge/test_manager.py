"""The manager's GraphQL is asked with a signature, in bounded time; each kind of response has one meaning."""

import time
from datetime import UTC, datetime

import pytest
from graphql import build_schema, parse, validate

from backendai_notification_bridge.core.errors import LookupFailed, ManagerUnavailable
from backendai_notification_bridge.core.sessions import Session
from backendai_notification_bridge.manager.http import MAX_RESPONSE_BYTES
from tests.integration.bridge.managers import manager
from tests.integration.bridge.sessions import AT, ID, ROW, SCHEMA, asking, one


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
        assert headers["Host"] == server.url.removeprefix("http://")
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


@pytest.mark.parametrize(("answered", "role"), [({"role": "SUPERADMIN"}, "superadmin"), (None, None)])
def test_the_keypairs_role_is_told(answered: object, role: str | None) -> None:
    """For ``check``."""
    with manager((200, {"data": {"user": answered}})) as server:
        assert asking(server).role() == role
