"""A session as the manager's GraphQL tells of it, and who asks for it."""

from datetime import UTC, datetime
from typing import Any

from backendai_notification_bridge.manager.graphql import Manager
from tests.integration.bridge.managers import ManagerServer

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
    return Manager(server.url, ("AKIAEXAMPLE", "secret"), seconds)


def one(row: object, **more: object) -> tuple[int, object]:
    """Answer with one session."""
    return 200, {"data": {"compute_session": row}, **more}
