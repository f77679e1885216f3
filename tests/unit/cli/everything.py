"""A service that knows whatever it is asked for, so that any example can be run against it."""

import json
from typing import Any

from local.http_server import LoopbackServer, QuietHandler
from tests.unit.cli.channels import CHANNEL
from tests.unit.cli.records import CHANNEL_ID, DELIVERY_ID, EVENT, EVENT_ID, RULE_ID, delivery
from tests.unit.cli.rules import RULE

TYPE = {
    "name": "session.started",
    "description": "A session started.",
    "built_in": True,
    "json_schema": {"type": "object", "properties": {"session_id": {"type": "string"}}},
}
MEMBERS = {"searched": 1, "unreadable": 0, "hits": 0, "empty": 0, "failed": 0, "samples": [], "failures": []}
REPLAYED = {"matched": 1, "replayed": 1, "observed": 0, "skipped": 0, "already": 0, "dispatching": 0}
REVISION = {"number": 1, "action": "updated", "by": None, "created_at": "2025-11-23T10:00:00.000000Z"}
CONFIGURED: dict[str, Any] = {"version": "v1", "changes": [], "unchanged": 1, "tests": [], "adopted": []}


MUTE = {"id": "c3a9e1d0-29b4-41d4-a716-446655440000", "reason": "Night shift", "state": "active"}
MAIL = {"id": f"{CHANNEL_ID[:-1]}1", "channel_type": "email", "spec": {"message": {"to_emails": ["a@b.c"]}}}


def reply(name: str | None) -> dict[str, Any]:
    """Return a response with everything that a command may look for. ``name``: what was searched for."""
    channel = {**CHANNEL, "name": name or "Ops", "state": "active", **(MAIL if name == "Mail" else {})}
    rule = {
        **RULE,
        "name": name or "Started",
        "channel_id": CHANNEL_ID,
        "channel": channel,
        "where": ["status=ERROR"],
    }
    mine = delivery(id=DELIVERY_ID, event_id=EVENT_ID, attempts=[])
    return {
        "channel": channel,
        "channels": [channel],
        "rule": rule,
        "rules": [rule],
        "event_type": TYPE,
        "event_types": [TYPE],
        "event": EVENT,
        "events": [EVENT],
        "delivery": mine,
        "deliveries": [mine],
        "revision": {**REVISION, "differences": []},
        "revisions": [REVISION],
        "entries": [REVISION],
        "mute": MUTE,
        "mutes": [MUTE],
        "queues": [],
        "well": True,
        "pagination": {"total": 1},
        "next": None,
        "message": "{}",
        "notification_data": {},
        "deleted": True,
        "event_id": EVENT_ID,
        "as_of": None,
        "id": RULE_ID,
        "warnings": [],
        "channel_type": "webhook",
        "body": {},
        "shown": "",
        "access_key": "AKIA",
        "rule_id": RULE_ID,
        "rule_name": "Started",
        "rule_type": "session.started",
        "enabled": True,
        "hours": {},
        "difference": None,
        "reached_at": "2025-11-23T10:00:00.000000Z",
        **MEMBERS,
        **REPLAYED,
        **CONFIGURED,
    }


class Everything(LoopbackServer):
    """Serve ``reply`` whatever is asked."""

    def __init__(self) -> None:
        class Handler(QuietHandler):
            def _serve(self) -> None:
                body = json.loads(self.body() or b"{}")
                named = ((body.get("filter") or {}).get("name") or {}).get("i_equals")
                named = "Mail" if str(MAIL["id"]) in self.path else named
                missing = self.command == "GET" and self.path.endswith(("/0b6d5a0e", "/0b6d5a0e_660e8400"))
                content = json.dumps({"title": "None"} if missing else reply(named)).encode()
                self.respond(404 if missing else 200, content, {"Content-Type": "application/json"})

            do_GET = do_POST = do_PATCH = do_DELETE = _serve  # noqa: N815 - http.server's names

        super().__init__(Handler)
