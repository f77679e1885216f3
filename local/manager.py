"""A stand-in for Backend.AI's manager that knows every session it is asked for, for demos of the bridge."""

import json
from http import HTTPStatus
from typing import Any

from local.http_server import LoopbackServer, QuietHandler

PATH = "/admin/gql"
USER_EMAIL = "kim@example.com"
KEYPAIR = ("AKIABRIDGEDEMO000000", "not-a-secret-but-a-demo")
"""It does not check signatures, only that there is one."""


class StandInManager(LoopbackServer):
    """Answers the bridge's queries."""

    def __init__(self) -> None:
        super().__init__(_Handler)


def session(session_id: str) -> dict[str, Any]:
    """Describe a session as the manager's GraphQL does: one of a batch whose command failed."""
    return {
        "id": session_id,
        "name": f"train-{session_id[-4:]}",
        "type": "BATCH",
        "cluster_mode": "single-node",
        "status": "TERMINATED",
        "status_info": "user-requested",
        "access_key": "AKIAIOSFODNN7EXAMPLE",
        "domain_name": "default",
        "group_name": "vision",
        "user_id": "0b0c5d2e-6f4f-4f0c-9a4d-1f2f3a4b5c6d",
        "user_email": USER_EMAIL,
        "scaling_group": "gpu",
        "image": "registry.example/python:3.13",
        "requested_slots": json.dumps({"cpu": "4", "mem": "17179869184", "cuda.device": "1"}),
        "agent_ids": ["i-agent01"],
        "created_at": "2026-01-15T09:28:00+00:00",
        "starts_at": "2026-01-15T09:30:00+00:00",
        "terminated_at": "2026-01-15T10:30:00+00:00",
        "status_history": json.dumps({"RUNNING": "2026-01-15T09:30:00+00:00"}),
        "containers": [
            {"cluster_role": "main", "status_data": json.dumps({"kernel": {"exit_code": 1}})},
        ],
    }


def answer(query: str, variables: dict[str, Any]) -> dict[str, Any]:
    """Answer a query of the bridge: one session, sessions of the past, or who asks."""
    if "compute_session_list" in query:
        return {"data": {"compute_session_list": {"items": [], "total_count": 0}}}
    if "compute_session" in query:
        return {"data": {"compute_session": session(str(variables["id"]))}}
    return {"data": {"user": {"email": USER_EMAIL, "role": "superadmin"}}}


class _Handler(QuietHandler):
    def do_POST(self) -> None:  # noqa: N802 - http.server's name
        body = json.loads(self.body())
        signed = self.headers.get("Authorization", "").startswith("BackendAI signMethod=HMAC-SHA256")
        if self.path == PATH and signed:
            status, document = HTTPStatus.OK, answer(body["query"], body["variables"])
        else:
            status, document = HTTPStatus.UNAUTHORIZED, {"title": "Not signed"}
        self.respond(status, json.dumps(document).encode(), {"Content-Type": "application/json"})
