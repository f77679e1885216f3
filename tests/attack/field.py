"""What an attacker has of a stack: its API with or without a keypair, its bus and queue, even its tables."""

import http.client
import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from backendai_notification_cli.http.signing import Signed, signed_headers
from local.stack import Stack
from local.waiting import until

ANSWER_SECONDS = 40
"""How long an answer is waited for: API Gateway gives up after 29 s."""

ENDED = {"delivered", "failed", "skipped"}
DELIVERY_SECONDS = 90.0


@dataclass(frozen=True)
class Answer:
    """What the API said, and how long it took."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float

    @property
    def document(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def text(self) -> str:
        """The beginning of the body, for people."""
        return f"{self.status} {self.body[:160].decode(errors='replace')}"

    @property
    def is_problem(self) -> bool:
        """Tell whether it is a problem document."""
        if not self.headers.get("content-type", "").startswith("application/problem+json"):
            return False
        return {"type", "title", "error_code"} <= set(self.document)


class Field:
    """One stack under attack. What is made through here is removed by ``clean``."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.settings = stack.settings()
        self.outputs = stack.outputs()
        self.mark = uuid4().hex[:8]
        self.keypair = (self.settings["BACKEND_ACCESS_KEY"], self.settings["BACKEND_SECRET_KEY"])
        self._target = urlsplit(self.settings["BACKEND_ENDPOINT"])
        self._channels: list[str] = []
        self._types: list[str] = []

    def call(
        self,
        method: str,
        path: str,
        document: Any = None,
        *,
        body: bytes | None = None,
        keypair: tuple[str, str] | None = None,
        late: timedelta = timedelta(),
        signed: str | None = None,
        headers: Mapping[str, str | None] | None = None,
    ) -> Answer:
        """Send one request. ``signed``: the path to sign if it is another; a header of None is left out."""
        if document is not None:
            body = json.dumps(document).encode()
        prefix, host = self._target.path, self._target.netloc
        request = Signed(
            method, prefix + (signed or path), datetime.now(UTC) - late, host, "application/json"
        )
        sent: dict[str, str | None] = {**signed_headers(keypair or self.keypair, request), **(headers or {})}
        started = time.monotonic()
        connection = http.client.HTTPConnection(host, timeout=ANSWER_SECONDS)
        try:
            connection.putrequest(method, prefix + path, skip_host=True, skip_accept_encoding=True)
            for name, value in sent.items():
                if value is not None:
                    connection.putheader(name, value.encode())
            connection.putheader("Content-Length", str(len(body or b"")))
            connection.endheaders(body)
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        told = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, told, content, time.monotonic() - started)

    def made(self, path: str, document: Any) -> Any:
        """Create something harmless.

        Raises:
            ValueError: it was not created.
        """
        answer = self.call("POST", path, document)
        if answer.status not in {201, 202}:
            raise ValueError(f"POST {path}: {answer.text}")
        return answer.document

    def channel(self, spec: Mapping[str, Any], **more: Any) -> dict[str, Any]:
        """Create a channel whose deliveries are tried once."""
        kind = "email" if "smtp" in spec else "webhook"
        document = {"name": self.mark, "channel_type": kind, "spec": spec, "retry": "none", **more}
        channel: dict[str, Any] = self.made("/notifications/channels", document)["channel"]
        self._channels.append(channel["id"])
        return channel

    def webhook(self, url: str, **spec: Any) -> str:
        """Create a webhook channel; return its id."""
        return str(self.channel({"url": url, **spec})["id"])

    def rule(self, rule_type: str, channel_id: str, template: str = '{"text": "hello"}') -> str:
        """Create a rule; return its id."""
        document = {
            "name": self.mark,
            "rule_type": rule_type,
            "channel_id": channel_id,
            "message_template": template,
        }
        return str(self.made("/notifications/rules", document)["rule"]["id"])

    def event_type(self, name: str, properties: Mapping[str, Any]) -> str:
        """Create an event type with a name of its own; return that."""
        full = f"attack.{name}-{self.mark}"
        schema = {"type": "object", "properties": properties}
        self.made("/notifications/event-types", {"name": full, "json_schema": schema})
        self._types.append(full)
        return full

    def forget_later(self, channel_id: str) -> None:
        """Have ``clean`` remove a channel that an attack made."""
        self._channels.append(channel_id)

    def emit(self, rule_type: str, data: Mapping[str, Any] | None = None) -> str:
        """Put an event on the bus; return its id."""
        document = {"rule_type": rule_type, "notification_data": data or {}}
        return str(self.made("/notifications/events", document)["event_id"])

    def validate(self, channel_id: str) -> Answer:
        """Send a test message."""
        path = f"/notifications/channels/{channel_id}/validate"
        return self.call("POST", path, {"test_message": '{"text": "test"}'})

    def ended(self, event_id: str, rules: Iterable[str], seconds: float = DELIVERY_SECONDS) -> dict[str, Any]:
        """Wait until an event's deliveries for these rules have ended; return them by rule.

        Raises:
            TimeoutError: some have not ended in time.
        """
        wanted = set(rules)

        def look() -> dict[str, Any] | None:
            answer = self.call("GET", f"/notifications/deliveries?event={event_id}&limit=1000")
            found = {one["rule_id"]: one for one in answer.document["deliveries"] if one["status"] in ENDED}
            return found if wanted <= found.keys() else None

        return until(f"all {len(wanted)} deliveries of event {event_id} end", look, seconds)

    def delivery(self, delivery_id: str) -> dict[str, Any]:
        """Read a delivery with its attempts."""
        found: dict[str, Any] = self.call("GET", f"/notifications/deliveries/{delivery_id}").document
        return dict(found["delivery"])

    def overwrite(self, kind: str, item_id: str, values: Mapping[str, str]) -> None:
        """Write attributes of a channel or a rule past the API, as who has got hold of the table."""
        names = {f"#{place}": name for place, name in enumerate(values)}
        self._update(
            kind,
            item_id,
            "SET " + ", ".join(f"#{place} = :{place}" for place in range(len(values))),
            {f":{place}": {"S": value} for place, value in enumerate(values.values())},
            names,
        )
        self._update("VERSION", "CONFIG", "ADD writes :one", {":one": {"N": "1"}}, {})

    def stored_spec(self, channel_id: str) -> dict[str, Any]:
        """Read a channel's spec as it stands in the table."""
        key = {"pk": {"S": "CHANNEL"}, "sk": {"S": channel_id}}
        table = self.outputs["ConfigTableName"]
        item = self.stack.client("dynamodb").get_item(TableName=table, Key=key)["Item"]
        spec: dict[str, Any] = json.loads(item["spec"]["S"])
        return spec

    def _update(
        self, kind: str, item_id: str, expression: str, values: Mapping[str, Any], names: Mapping[str, str]
    ) -> None:
        self.stack.client("dynamodb").update_item(
            TableName=self.outputs["ConfigTableName"],
            Key={"pk": {"S": kind}, "sk": {"S": item_id}},
            UpdateExpression=expression,
            ExpressionAttributeValues=values,
            **({"ExpressionAttributeNames": names} if names else {}),
        )

    def queue(self, name: str) -> str:
        """Return a queue's URL by its name in the template."""
        urls = self.stack.client("sqs").list_queues()["QueueUrls"]
        return str(next(url for url in urls if f"-{name}-" in url))

    def clean(self) -> None:
        """Remove what was made."""
        for channel_id in self._channels:
            self.call("DELETE", f"/notifications/channels/{channel_id}?force=true")
        for name in self._types:
            self.call("DELETE", f"/notifications/event-types/{name}")
