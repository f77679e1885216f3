"""The deployed stack as the faults see it: its API, its bus, its queues, its table."""

import json
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import uuid4

from local.common import StackError, Tell
from local.stack import Stack
from local.waiting import until
from tests.stack.helper import Helper
from tests.stack.records import Records

PUT_SIZE = 10
"""EventBridge's and SQS's limit of entries in one call."""

FUNCTIONS = ("DispatcherFunction", "RedelivererFunction", "SweeperFunction")
SCHEMA = {"type": "object", "properties": {"n": {"type": "integer"}, "x": {}}, "required": ["n"]}


@dataclass(frozen=True, slots=True)
class Route:
    """An event type, a rule on it, the rule's channel, and the receiver's path."""

    event_type: str
    rule_id: str
    channel_id: str
    path: str


@dataclass
class World:
    """What faults are made with. ``put_at``: when each event was put, by the monotonic clock."""

    stack: Stack
    receivers: Helper
    short: bool
    tell: Tell
    proxy: Helper | None = None
    put_at: dict[str, float] = field(default_factory=dict)
    _channels: list[str] = field(default_factory=list)
    _types: list[str] = field(default_factory=list)
    _staying: list[Mapping[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Look up what the template made."""
        self.api = self.stack.api()
        self.bus = self.stack.client("events")
        self.sqs = self.stack.client("sqs")
        self.functions = self.stack.client("lambda")
        outputs = self.stack.outputs()
        self._bus_name = outputs["EventBusName"]
        self.deliveries_table = outputs["DeliveriesTableName"]
        self.records = Records(self.stack.client("dynamodb"), self.deliveries_table)
        self._physical = self.stack.resources()
        self.event_queue = self._physical["EventQueue"]
        self.delivery_queues = (self._physical["DeliveryQueue"], self._physical["SlowQueue"])

    @property
    def ministack(self) -> int:
        """The process id of this stack's ministack."""
        pid = self.stack.ministack.pid()
        if pid is None:
            raise StackError("The stack is not up")
        return pid

    def event_type(self, name: str) -> str:
        """Make an event type of that name, made unique."""
        unique = f"faults.{name}.{uuid4().hex[:6]}"
        self.api.call("POST", "/notifications/event-types", {"name": unique, "json_schema": SCHEMA})
        self._types.append(unique)
        return unique

    def channel(self, path: str, retry: object = "none", **spec: object) -> str:
        """Make a channel to a receiver; return its id."""
        body = {"name": path, "retry": retry, "spec": {"url": self.receivers.url + path, **spec}}
        made = self.api.item("channel", "POST", "/notifications/channels", body)
        if made.get("retry") != retry:
            raise StackError(f"The API made a channel with the schedule {made.get('retry')}, not {retry}")
        self._channels.append(made["id"])
        return str(made["id"])

    def rule(self, event_type: str, channel_id: str, template: str = "{{ n }}") -> str:
        """Make a rule; return its id."""
        body = {"name": event_type, "rule_type": event_type, "channel_id": channel_id}
        made = self.api.item("rule", "POST", "/notifications/rules", {**body, "message_template": template})
        return str(made["id"])

    def put(self, event_type: str, data: Sequence[Mapping[str, Any]]) -> list[str]:
        """Put events on the bus; return their ids."""
        made: list[str] = []
        for start in range(0, len(data), PUT_SIZE):
            entries = [
                {
                    "EventBusName": self._bus_name,
                    "Source": "backend.ai.faults",
                    "DetailType": event_type,
                    "Detail": json.dumps(fields),
                }
                for fields in data[start : start + PUT_SIZE]
            ]
            at = time.monotonic()
            answer = self.bus.put_events(Entries=entries)
            if answer["FailedEntryCount"]:
                raise StackError(f"The bus refused events: {answer}")
            ids = [str(entry["EventId"]) for entry in answer["Entries"]]
            self.put_at |= dict.fromkeys(ids, at)
            made += ids
        return made

    def enqueue(self, bodies: Sequence[str], event_ids: Iterable[str] = ()) -> list[str]:
        """Put messages on the event queue as the bus would, with these events in them; return their ids."""
        self.put_at |= dict.fromkeys(event_ids, time.monotonic())
        made: list[str] = []
        for start in range(0, len(bodies), PUT_SIZE):
            entries = [
                {"Id": str(number), "MessageBody": body}
                for number, body in enumerate(bodies[start : start + PUT_SIZE])
            ]
            answer = self.sqs.send_message_batch(QueueUrl=self.event_queue, Entries=entries)
            if answer.get("Failed"):
                raise StackError(f"The event queue refused messages: {answer['Failed']}")
            made += [str(entry["MessageId"]) for entry in answer["Successful"]]
        return made

    def requests(self, paths: Iterable[str]) -> int:
        """Count the requests that came to receivers."""
        counts: Counter[str] = Counter(self.receivers.ask("counts"))
        return sum(counts[path] for path in paths)

    def waiting(self) -> int:
        """Count the messages of both queues of deliveries, also those that are delayed or in flight."""
        names = [f"ApproximateNumberOfMessages{kind}" for kind in ("", "Delayed", "NotVisible")]
        return sum(
            int(value)
            for queue in self.delivery_queues
            for value in self.sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=names)[
                "Attributes"
            ].values()
        )

    def purge(self) -> None:
        """Empty the queues of events and deliveries."""
        for queue in (self.event_queue, *self.delivery_queues):
            self.sqs.purge_queue(QueueUrl=queue)

    def break_apis(self, faults: Sequence[Mapping[str, Any]]) -> None:
        """Have AWS's APIs make these faults from now on; none: no more, but for those that stay."""
        self._proxy_answer("faults", [*self._staying, *faults])

    def break_for_good(self, faults: Sequence[Mapping[str, Any]]) -> None:
        """Have AWS's APIs make these faults from now on, whatever others they make; call it between those."""
        self._staying += faults
        self.break_apis([])

    def broken(self) -> Counter[str]:
        """Count the faults that AWS's APIs have made, by their names."""
        return Counter(self._proxy_answer("made"))

    def throttle(self, **rates: object) -> None:
        """Have DynamoDB take so much a second from now on (``Rates``); nothing given: all that comes."""
        self._proxy_answer("throttle", rates)

    def throttled(self) -> Counter[str]:
        """Count what DynamoDB has refused since ``throttle``, by table or index and kind."""
        return Counter(self._proxy_answer("throttled"))

    def _proxy_answer(self, what: str, value: object = None) -> dict[str, int]:
        if self.proxy is None:
            raise StackError("There is no proxy before AWS's APIs")
        answer: dict[str, int] = self.proxy.ask(what, value)
        return answer

    def sweep(self) -> None:
        """Have the sweeper run now."""
        self.functions.invoke(FunctionName=self._physical["SweeperFunction"], Payload=b"{}")

    def set_endpoint(self, url: str | None) -> None:
        """Have the functions reach AWS's APIs at a URL; None: as they did before."""
        for name in FUNCTIONS:
            function = self._physical[name]
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
        channels = self.api.search("channels", "/notifications/channels/search", {})
        left = {channel["id"] for channel in channels} & set(self._channels)
        for channel_id in left:
            self.api.call("DELETE", f"/notifications/channels/{channel_id}?force=true")
        for event_type in self.api.items("event_types", "/notifications/event-types"):
            if event_type["name"] in self._types:
                self.api.call("DELETE", f"/notifications/event-types/{event_type['name']}")
