"""What an attacker has of a stack: its API with or without a keypair, its bus and queue, even its tables."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from local.waiting import until
from tests.stack.client import Response
from tests.stack.under_test import StackUnderTest

ENDED = {"delivered", "failed", "skipped"}
DELIVERY_SECONDS = 90.0


class AttackedStack(StackUnderTest):
    """One stack under attack."""

    def emit(self, rule_type: str, data: Mapping[str, Any] | None = None) -> str:
        """Have the API put an event on the bus; return its id."""
        document = {"rule_type": rule_type, "notification_data": data or {}}
        return str(self.do("POST", "/notifications/events", document)["event_id"])

    def validate(self, channel_id: str) -> Response:
        """Send a test message."""
        path = f"/notifications/channels/{channel_id}/validate"
        return self.send("POST", path, {"test_message": '{"text": "test"}'})

    def ended(self, event_id: str, rules: Iterable[str], seconds: float = DELIVERY_SECONDS) -> dict[str, Any]:
        """Wait until an event's deliveries for these rules have ended; return them by rule.

        Raises:
            TimeoutError: some have not ended in time.
        """
        wanted = set(rules)

        def look() -> dict[str, Any] | None:
            response = self.send("GET", f"/notifications/deliveries?event={event_id}&limit=1000")
            found = {one["rule_id"]: one for one in response.document["deliveries"] if one["status"] in ENDED}
            return found if wanted <= found.keys() else None

        return until(f"all {len(wanted)} deliveries of event {event_id} end", look, seconds)

    def delivery(self, delivery_id: str) -> dict[str, Any]:
        """Read a delivery with its attempts."""
        found: dict[str, Any] = self.send("GET", f"/notifications/deliveries/{delivery_id}").document
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
