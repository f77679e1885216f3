"""The deployed stack as tests see it: its API, its bus, its queues, its functions, its tables."""

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any
from uuid import uuid4

from local.common import StackError
from local.stack import Stack
from local.waiting import until
from tests.stack.client import Response, SignedClient
from tests.stack.records import Records

BATCH_SIZE = 10
"""EventBridge's and SQS's limit of entries in one call."""

FUNCTIONS = ("DispatcherFunction", "RedelivererFunction", "SweeperFunction")
"""Those that events go through."""

SOURCE = "backend.ai.tests"
CREATED = frozenset({201, 202})


class StackUnderTest:
    """One deployed stack. What is made through here is removed by ``clean``.

    ``mark``: what names made here have in them. ``put_at``: when each event was put, by the monotonic clock.
    """

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.settings = stack.settings()
        self.outputs = stack.outputs()
        self.resources = stack.resources()
        self.client = SignedClient(self.settings)
        self.bus = stack.client("events")
        self.sqs = stack.client("sqs")
        self.functions = stack.client("lambda")
        self.records = Records(stack.client("dynamodb"), self.outputs["DeliveriesTableName"])
        self.event_queue = self.resources["EventQueue"]
        self.delivery_queues = (self.resources["DeliveryQueue"], self.resources["SlowQueue"])
        self.mark = uuid4().hex[:8]
        self.put_at: dict[str, float] = {}
        self._channels: list[str] = []
        self._types: list[str] = []

    @property
    def ministack(self) -> int:
        """The process id of this stack's ministack.

        Raises:
            StackError: it does not run.
        """
        pid = self.stack.ministack.pid()
        if pid is None:
            raise StackError("The stack is not up")
        return pid

    def send(self, method: str, path: str, document: Any = None, **options: Any) -> Response:
        """Send one request to the API, whatever comes of it; the options are those of ``SignedClient``."""
        return self.client.send(method, path, document, **options)

    def do(self, method: str, path: str, document: Any = None) -> Any:
        """Do something that must succeed; return the reply.

        Raises:
            StackError: it did not succeed.
        """
        response = self.send(method, path, document)
        if not 200 <= response.status < 300:
            raise StackError(f"{method} {path}: {response.text}")
        return response.document

    def channel(self, spec: Mapping[str, Any], **more: Any) -> dict[str, Any]:
        """Make a channel whose deliveries are tried once, unless ``more`` has another schedule of retries."""
        kind = "email" if "smtp" in spec else "webhook"
        document = {"name": self.mark, "channel_type": kind, "spec": spec, "retry": "none", **more}
        channel: dict[str, Any] = self.do("POST", "/notifications/channels", document)["channel"]
        self._channels.append(channel["id"])
        return channel

    def webhook(self, url: str, retry: object = "none", **spec: object) -> str:
        """Make a webhook channel; return its id."""
        return str(self.channel({"url": url, **spec}, retry=retry)["id"])

    def rule(
        self, event_type: str, channel_id: str, template: str = '{"text": "hello"}', **more: object
    ) -> str:
        """Make a rule; return its id."""
        document = {"name": self.mark, "rule_type": event_type, "channel_id": channel_id, **more}
        made = self.do("POST", "/notifications/rules", {**document, "message_template": template})
        return str(made["rule"]["id"])

    def event_type(self, name: str, properties: Mapping[str, Any], required: Sequence[str] = ()) -> str:
        """Make an event type whose name is made unique; return that."""
        unique = f"{name}.{uuid4().hex[:8]}"
        schema = {"type": "object", "properties": properties, "required": list(required)}
        self.do("POST", "/notifications/event-types", {"name": unique, "json_schema": schema})
        self._types.append(unique)
        return unique

    def clean_later(self, channel_id: str) -> None:
        """Have ``clean`` remove a channel that was made elsewhere."""
        self._channels.append(channel_id)

    def put(self, event_type: str, data: Sequence[Mapping[str, Any]]) -> list[str]:
        """Put events on the bus; return their ids.

        Raises:
            StackError: the bus refused some.
        """
        made: list[str] = []
        for start in range(0, len(data), BATCH_SIZE):
            entries = [
                {
                    "EventBusName": self.outputs["EventBusName"],
                    "Source": SOURCE,
                    "DetailType": event_type,
                    "Detail": json.dumps(fields),
                }
                for fields in data[start : start + BATCH_SIZE]
            ]
            at = time.monotonic()
            response = self.bus.put_events(Entries=entries)
            if response["FailedEntryCount"]:
                raise StackError(f"The bus refused events: {response}")
            ids = [str(entry["EventId"]) for entry in response["Entries"]]
            self.put_at |= dict.fromkeys(ids, at)
            made += ids
        return made

    def enqueue(self, bodies: Sequence[str], event_ids: Iterable[str] = ()) -> list[str]:
        """Put messages on the event queue as the bus would, with these events in them; return their ids.

        Raises:
            StackError: the queue refused some.
        """
        self.put_at |= dict.fromkeys(event_ids, time.monotonic())
        made: list[str] = []
        for start in range(0, len(bodies), BATCH_SIZE):
            entries = [
                {"Id": str(number), "MessageBody": body}
                for number, body in enumerate(bodies[start : start + BATCH_SIZE])
            ]
            response = self.sqs.send_message_batch(QueueUrl=self.event_queue, Entries=entries)
            if response.get("Failed"):
                raise StackError(f"The event queue refused messages: {response['Failed']}")
            ids = {entry["Id"]: str(entry["MessageId"]) for entry in response["Successful"]}
            made += [ids[entry["Id"]] for entry in entries]
        return made

    def waiting_deliveries(self) -> int:
        """Count the messages of both queues of deliveries, also those that are delayed or in flight."""
        names = [f"ApproximateNumberOfMessages{kind}" for kind in ("", "Delayed", "NotVisible")]
        counts = [
            self.sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=names)["Attributes"]
            for queue in self.delivery_queues
        ]
        return sum(int(value) for attributes in counts for value in attributes.values())

    def purge(self) -> None:
        """Empty the queues of events and deliveries."""
        for queue in (self.event_queue, *self.delivery_queues):
            self.sqs.purge_queue(QueueUrl=queue)

    def sweep(self) -> None:
        """Have the sweeper run now."""
        self.functions.invoke(FunctionName=self.resources["SweeperFunction"], Payload=b"{}")

    def set_endpoint(self, url: str | None) -> None:
        """Have the functions reach AWS's APIs at a URL; None: as they did before."""
        for name in FUNCTIONS:
            function = self.resources[name]
            found = self.functions.get_function_configuration(FunctionName=function)
            variables = found["Environment"]["Variables"]
            variables.pop("AWS_ENDPOINT_URL", None)
            if url is not None:
                variables["AWS_ENDPOINT_URL"] = url
            self.functions.update_function_configuration(
                FunctionName=function, Environment={"Variables": variables}
            )
            until(f"{name} is configured", partial(self._is_ready, function))

    def _is_ready(self, function: str) -> bool:
        found = self.functions.get_function_configuration(FunctionName=function)
        return bool(found["LastUpdateStatus"] == "Successful")

    def clean(self) -> None:
        """Remove what was made, as far as it is still there."""
        for channel_id in self._channels:
            self.send("DELETE", f"/notifications/channels/{channel_id}?force=true")
        for name in self._types:
            self.send("DELETE", f"/notifications/event-types/{name}")
