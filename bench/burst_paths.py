"""What a burst goes through: the service, or a bare Lambda, each behind its bus and its queue."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from local.common import REGION, ROOT
from local.sam import sam, target
from local.stack import Stack
from notifications.core.records import delivery_id
from notifications.store import keys
from notifications.store.dynamodb import BATCH_GET_SIZE
from tests.stack.helper_process import HelperProcess
from tests.stack.under_test import StackUnderTest

TEMPLATE = ROOT / "bench" / "bare" / "template.yaml"


class Ours:
    """The service: one rule on the events, and its channel to the receiver."""

    name = "ours"
    function = "DispatcherFunction"

    def __init__(self, under_test: StackUnderTest, receiver: HelperProcess) -> None:
        self.bus = under_test.outputs["EventBusName"]
        self.queue = under_test.event_queue
        self.detail_type = under_test.event_type("burst", {"n": {"type": "integer"}}, ["n"])
        channel_id = under_test.webhook(f"{receiver.url}/ours", "standard")
        self._rule_id = under_test.rule(self.detail_type, channel_id)
        self._table = under_test.outputs["DeliveriesTableName"]
        self._client = under_test.stack.client("dynamodb")

    def webhook_id(self, event_id: str) -> str:
        """Name it as the service does."""
        return delivery_id(event_id, self._rule_id)

    def recorded(self, event_ids: Collection[str]) -> int:
        """Read the records of the deliveries, by their keys."""
        wanted = [*event_ids]
        return sum(
            item["status"]["S"] == "delivered"
            for start in range(0, len(wanted), BATCH_GET_SIZE)
            for item in self._read(wanted[start : start + BATCH_GET_SIZE])
        )

    def _read(self, event_ids: Collection[str]) -> list[Any]:
        asked = [keys.delivery(event_id, self._rule_id) for event_id in event_ids]
        found: list[Any] = []
        while asked:
            answer = self._client.batch_get_item(
                RequestItems={self._table: {"Keys": asked, "ConsistentRead": True}}
            )
            found += answer["Responses"].get(self._table, [])
            asked = answer["UnprocessedKeys"].get(self._table, {}).get("Keys", [])
        return found


@dataclass(frozen=True, slots=True)
class Bare:
    """A Lambda that only posts, or one that also writes the least records, deployed beside the service."""

    bus: str
    queue: str
    stack: str
    name: str
    detail_type: str = "burst"

    @classmethod
    def deploy(cls, stack: Stack, receiver: HelperProcess, *, records: bool) -> "Bare":
        """Deploy it.

        Raises:
            StackError: with the last lines that sam printed.
        """
        name = "recording" if records else "bare"
        given = {
            "Receiver": f"127.0.0.1:{receiver.port}",
            "DynamoDB": stack.ministack.url.removeprefix("http://"),
            "Records": "yes" if records else "no",
        }
        sam(
            "deploy",
            *("--template-file", str(TEMPLATE), "--stack-name", name, "--region", REGION),
            *("--resolve-s3", "--capabilities", "CAPABILITY_IAM", "--parameter-overrides", *target()),
            *(f"{parameter}={value}" for parameter, value in given.items()),
            env=stack.aws_env(),
        )
        described = stack.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]
        outputs = {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}
        shown = "bare Lambda with the least records" if records else "bare Lambda"
        return cls(outputs["BusName"], outputs["QueueUrl"], name, shown)

    @property
    def function(self) -> str:
        """What its processes are told by: the other has a function of the same name in its template."""
        return f"{self.stack}-BareFunction"

    def webhook_id(self, event_id: str) -> str:
        """Name it by its event alone."""
        return event_id

    def recorded(self, event_ids: Collection[str]) -> int:
        """Count all: its records are only there to be written."""
        return len(event_ids)


Path = Ours | Bare
