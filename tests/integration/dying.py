"""A batch of the event queue with an event over which processes die."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from notifications.core import rendering
from notifications.core.event_records import EventRecord
from notifications.core.model import Event
from notifications.core.records import DeliveryRecord
from notifications.delivering.outgoing import build_request
from notifications.outbound.sender import Sender
from notifications.store.record_table import Left, RecordTable
from tests.cloud import pipeline as made
from tests.cloud.pipeline import Death, Pipeline, document

POISON = "poison"
GOOD = [f"good-{number}" for number in range(9)]


@dataclass
class Queued:
    """A message on the queue."""

    body: str
    receives: int = 0


class Queue:
    """The event queue, whose messages come again until they are deleted, and a dispatcher that may die."""

    def __init__(self, pipeline: Pipeline, event_ids: Sequence[str]) -> None:
        self.messages = [Queued(made.text(document(event_id))) for event_id in event_ids]
        self._pipeline = pipeline

    def receive(self) -> None:
        """Have one batch dispatched; what is not deleted comes again, when all leases are over."""
        for message in self.messages:
            message.receives += 1
        records = [
            {
                "messageId": str(number),
                "receiptHandle": "r",
                "body": message.body,
                "attributes": {"ApproximateReceiveCount": str(message.receives)},
            }
            for number, message in enumerate(self.messages)
        ]
        try:
            answer = self._pipeline.dispatch_records(records)
        except Death:
            pass
        else:
            back = {failure["itemIdentifier"] for failure in answer["batchItemFailures"]}
            self.messages = [message for number, message in enumerate(self.messages) if str(number) in back]
        made.end_leases(*GOOD, POISON)


def die_planning(patch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Have an error end whoever plans the poison."""
    check = rendering.variables

    def variables(event: Event, *more: Any) -> dict[str, Any]:
        if event.id == POISON:
            raise error
        return check(event, *more)

    patch.setattr(rendering, "variables", variables)


def _die_rendering(patch: pytest.MonkeyPatch, error: BaseException) -> None:
    def built(vault: Any, channel: Any, content: Any, message_id: str, *more: Any) -> Any:
        if message_id.startswith(POISON):
            raise error
        return build_request(vault, channel, content, message_id, *more)

    patch.setattr("dispatcher.portions.build_request", built)


def _die_sending(patch: pytest.MonkeyPatch, error: BaseException) -> None:
    send_all = Sender.send_all

    def sent(self: Sender, requests: Any, *more: Any) -> Any:
        def passed() -> Iterator[Any]:
            for request in requests:
                if dict(request.headers)["webhook-id"].startswith(POISON):
                    raise error
                yield request

        return send_all(self, passed(), *more)

    patch.setattr(Sender, "send_all", sent)


def _die_recording(
    kind: type[EventRecord | DeliveryRecord],
) -> Callable[[pytest.MonkeyPatch, BaseException], None]:
    def dying(patch: pytest.MonkeyPatch, error: BaseException) -> None:
        put_now = RecordTable.put_now

        def put(self: RecordTable, records: Sequence[Any]) -> Left:
            ids = {record.event_id if isinstance(record, DeliveryRecord) else record.id for record in records}
            if POISON in ids and any(isinstance(record, kind) for record in records):
                raise error
            return put_now(self, records)

        patch.setattr(RecordTable, "put_now", put)

    return dying


DEATHS = {
    "planning": die_planning,
    "rendering": _die_rendering,
    "sending": _die_sending,
    "recording": _die_recording(DeliveryRecord),
    "ending": _die_recording(EventRecord),
}
