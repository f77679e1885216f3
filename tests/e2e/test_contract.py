"""The requests that Backend.AI's own clients were recorded to send, sent again to the deployed stack."""

import json
import re
from typing import Any

from local.common import ROOT
from local.receiver import Receiver
from tests.stack.client import Response, SignedClient

RECORDED = [
    json.loads(line)
    for line in (ROOT / "tests/data/client-requests.jsonl").read_text(encoding="utf-8").splitlines()
]

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_RECEIVER = re.compile(r"http://127\.0\.0\.1:(18091/__sink__|42705/hook)")

CHANNEL = {
    "id",
    "name",
    "description",
    "channel_type",
    "spec",
    "enabled",
    "created_at",
    "created_by",
    "updated_at",
}
V1_CHANNEL = CHANNEL | {
    *("retry", "rate", "timezone", "state", "state_reason"),
    *("held_back_until", "effective_rate", "paced_until", "health", "managed"),
}
RULE = {
    *("id", "name", "description", "rule_type", "channel_id", "channel", "message_template", "enabled"),
    *("created_at", "created_by", "updated_at"),
}
V1_RULE = RULE | {"condition", "where", "observe", "message", "once_per", "digest", "managed"}
V2_CHANNEL = CHANNEL | {"entity_id"}
V2_RULE = RULE | {"entity_id"}
PAGE = {"items", "total_count", "has_next_page", "has_previous_page"}
SHAPES: dict[str, dict[str, set[str] | None]] = {
    "version_handshake": {"version": None, "manager": None},
    "announcement": {"enabled": None, "message": None},
    "create_channel": {"channel": V1_CHANNEL | {"signing_secret"}},
    "get_channel": {"channel": V1_CHANNEL},
    "update_channel": {"channel": V1_CHANNEL, "dropped_credentials": None},
    "delete_channel": {"deleted": None},
    "search_channels": {"channels": V1_CHANNEL, "pagination": {"total", "offset", "limit"}},
    "validate_channel": {"channel_id": None},
    "list_rule_types": {"rule_types": None},
    "get_rule_type_schema": {"rule_type": None, "json_schema": None},
    "create_rule": {"rule": V1_RULE},
    "get_rule": {"rule": V1_RULE},
    "update_rule": {"rule": V1_RULE},
    "delete_rule": {"deleted": None},
    "search_rules": {"rules": V1_RULE, "pagination": {"total", "offset", "limit"}},
    "validate_rule": {"message": None},
    "v2:create_channel": {"channel": V2_CHANNEL},
    "v2:get_channel": {"item": V2_CHANNEL},
    "v2:update_channel": {"channel": V2_CHANNEL, "dropped_credentials": None},
    "v2:delete_channel": {"id": None},
    "v2:search_channels": {**dict.fromkeys(PAGE), "items": V2_CHANNEL},
    "v2:validate_channel": {"id": None},
    "v2:create_rule": {"rule": V2_RULE},
    "v2:get_rule": {"item": V2_RULE},
    "v2:update_rule": {"rule": V2_RULE},
    "v2:delete_rule": {"id": None},
    "v2:search_rules": {**dict.fromkeys(PAGE), "items": V2_RULE},
    "v2:validate_rule": {"message": None},
}
"""The keys of each operation's reply, and of the objects in them."""


def test_all_recorded_requests_are_answered_as_the_clients_expect(
    client: SignedClient, receiver: Receiver
) -> None:
    """Each of the 43 recorded requests, signed anew, gets its recorded status and a reply of that shape."""
    assert len(RECORDED) == 43
    conversation = Conversation(client, receiver)
    # The deletions were recorded in the middle, with ids that later requests still use: they come last.
    late = [record for record in RECORDED if "delete" in record["operation"]]
    for record in [record for record in RECORDED if record not in late]:
        conversation.repeat(record)
    for record in sorted(late, key=lambda record: "channel" in record["operation"]):
        conversation.repeat(record)
    assert len(receiver.received) == sum("validate_channel" in record["operation"] for record in RECORDED)


class Conversation:
    """Repeats recorded requests with the ids that this stack gives."""

    def __init__(self, client: SignedClient, receiver: Receiver) -> None:
        self._client = client
        self._url = f"{receiver.url}/hook"
        self._ids: dict[str, str] = {}

    def repeat(self, record: dict[str, Any]) -> None:
        """Send one, check status and shape of the reply."""
        headers = {name.lower(): value for name, value in record["headers"]}
        path = self._present(record["raw_path"])
        response = self._client.send(
            record["method"],
            path,
            body=self._present(record["body"]).encode() or None,
            content_type=headers.get("content-type", "application/json"),
            signed_path=None if record["client"] == "v1-sdk-cli" else path,
        )
        assert response.status == record["status"], (record["operation"], response.text)
        self._learn(record, response)
        _check_shape(record["operation"], response)

    def _present(self, text: str) -> str:
        with_ids = _UUID.sub(lambda match: self._ids.get(match[0], match[0]), text)
        return _RECEIVER.sub(self._url, with_ids)

    def _learn(self, record: dict[str, Any], response: Response) -> None:
        """Match the id that was made with the one that the recording goes on to use."""
        operation = record["operation"].removeprefix("v2:")
        if not operation.startswith("create_"):
            return
        thing = operation.removeprefix("create_")
        used = [
            later
            for later in RECORDED
            if later["client"] == record["client"]
            and later["operation"].startswith("v2:") == record["operation"].startswith("v2:")
            and later["operation"].endswith(f"get_{thing}")
        ]
        for later in used:
            self._ids[_UUID.findall(later["raw_path"])[0]] = response.document[thing]["id"]


def _check_shape(operation: str, response: Response) -> None:
    document = response.document
    assert document.keys() == SHAPES[operation].keys(), operation
    for key, wanted in SHAPES[operation].items():
        values = document[key] if isinstance(document[key], list) else [document[key]]
        if wanted is not None:
            assert all(value.keys() == wanted for value in values), (operation, key, values)
