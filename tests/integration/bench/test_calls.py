"""What an event costs: the calls that docs/cost.md counts, and the units that they use."""

import pytest

from bench import bill, counting
from bench.capacity import TABLE, read_units, size, write_units
from bench.usage import counted
from tests.cloud.pipeline import Pipeline
from tests.integration.flapping import set_health

EVENT = {"pk": {"S": "EVENT#e"}, "sk": {"S": "EVENT"}, "time_key": {"S": "EVENT#0"}, "moment": {"S": "m"}}


@pytest.mark.parametrize(
    ("rules", "events", "calls"),
    [
        (0, 1, {"GetItem": 1, "BatchExecuteStatement": 1}),
        (1, 1, {"GetItem": 1, "BatchExecuteStatement": 1, "BatchWriteItem": 2}),
        (10, 1, {"GetItem": 1, "BatchExecuteStatement": 1, "BatchWriteItem": 2}),
        (1, 10, {"GetItem": 1, "BatchExecuteStatement": 1, "BatchWriteItem": 2}),
    ],
)
def test_calls_in_steady_state(pipeline: Pipeline, rules: int, events: int, calls: dict[str, int]) -> None:
    """A warm function asks DynamoDB as often as docs/cost.md says, and no other service."""
    usage = counting.steady(pipeline, rules, events=events).usage
    assert usage.of("DynamoDB") == calls
    assert sum(usage.calls.values()) == sum(calls.values())


@pytest.mark.parametrize(("rules", "written", "read"), [(0, 2, 1), (1, 5, 1), (10, 23, 1)])
def test_units_in_steady_state(pipeline: Pipeline, rules: int, written: int, read: int) -> None:
    """An event uses the write and read units that docs/cost.md says."""
    usage = counting.steady(pipeline, rules).usage
    assert (sum(usage.write_units.values()), sum(usage.read_units.values())) == (written, read)


def test_a_thousand_rules(pipeline: Pipeline) -> None:
    """A thousand deliveries are written 25 to a call: 40 calls, and few more for what ends late."""
    usage = counting.steady(pipeline, 1000).usage
    assert sum(usage.calls.values()) <= 60, usage.calls
    assert sum(usage.write_units.values()) == 2003
    assert sum(usage.read_units.values()) <= 1.5  # of health, which is read anew after a second


def test_what_a_retry_adds(pipeline: Pipeline) -> None:
    """A message that is taken at the second attempt uses 11 write units more, and one message on a queue."""
    usage = counting.retried(pipeline).usage
    assert sum(usage.write_units.values()) == 5 + 11
    assert usage.of("SQS") == {"SendMessageBatch": 1}


def test_what_pacing_adds(pipeline: Pipeline) -> None:
    """A paced message that is sent in the process uses two write units more, for its slot and its turn."""
    usage = counting.paced(pipeline, waits=False).usage
    assert sum(usage.write_units.values()) == 5 + 2
    assert usage.of("SQS") == {}


def test_what_waiting_for_a_slot_adds(pipeline: Pipeline) -> None:
    """A paced message that waits in the queue uses 11 write units more, and one message on a queue."""
    usage = counting.paced(pipeline, waits=True).usage
    assert sum(usage.write_units.values()) == 5 + 11
    assert usage.of("SQS") == {"SendMessageBatch": 1}


def test_a_sweep_that_finds_nothing(pipeline: Pipeline) -> None:
    """The sweeper's minute costs five queries and a look for mutes, of four read units together."""
    usage = counting.swept(pipeline).usage
    assert usage.of("DynamoDB") == {"Query": 5, "GetItem": 1}
    assert (sum(usage.read_units.values()), usage.write_units) == (4, {})


def test_what_is_not_known_is_not_counted_as_nothing(pipeline: Pipeline) -> None:  # noqa: ARG001
    """An operation whose units nobody has worked out yet is told, not taken as free."""
    with counted(), pytest.raises(NotImplementedError, match="UpdateItem"):
        set_health("c-1", slow=True)


def test_an_entry_of_an_index_that_moves_is_written_twice() -> None:
    """A new entry, a change of what is projected and a deletion are a write each; another key is two."""
    status = {"status": {"S": "unmatched"}, "status_key": {"S": "EVENT#unmatched#0"}}
    unmatched = EVENT | status
    final = EVENT | {"status": {"S": "dispatched"}}
    moved = unmatched | {"status_key": {"S": "EVENT#refused#0"}}
    assert write_units("DeliveriesTable", None, unmatched) == {TABLE: 1, "by-time": 1, "by-status": 1}
    assert write_units("DeliveriesTable", unmatched, final) == {TABLE: 1, "by-time": 1, "by-status": 1}
    assert write_units("DeliveriesTable", unmatched, moved) == {TABLE: 1, "by-status": 2}
    assert write_units("DeliveriesTable", final, final | {"document": {"S": "d"}}) == {TABLE: 1}


def test_units_round_up() -> None:
    """An item of 1,024 bytes is one unit to write, one more byte makes two; a read has 4,096."""
    item = {"pk": {"S": "p"}, "sk": {"S": "s"}, "text": {"S": "t" * (1024 - 3 - 3 - 4)}}
    assert size(item) == 1024
    assert write_units("ConfigTable", None, item)[TABLE] == 1
    assert write_units("ConfigTable", item, {**item, "x": {"S": ""}})[TABLE] == 2
    assert read_units([0, 4096, 4097], consistent=True) == 4
    assert read_units([0], consistent=False) == 0.5


def test_the_bill_of_an_event_with_one_rule(pipeline: Pipeline) -> None:
    """A million events with a rule each cost what docs/cost.md says, most of it for writing records."""
    event = counting.steady(pipeline, 1)
    services = bill.dollars(bill.per_million(event, bill.Assumed()))
    assert sum(services.values()) == pytest.approx(8.5, abs=0.05)
    assert max(services, key=lambda service: services[service]) == "DynamoDB"


@pytest.mark.parametrize(("events", "written"), [(1, 8), (10, 62)])
def test_what_repeats_use(pipeline: Pipeline, events: int, written: int) -> None:
    """A repeat is recorded, and counted in its window and its hour; a batch counts together."""
    usage = counting.repeated(pipeline, events).usage
    assert sum(usage.write_units.values()) == written
    assert usage.read_units["deliveries"] == 2


@pytest.mark.parametrize(
    ("events", "opens", "sends", "written"),
    [
        (1, False, False, 11),
        (10, False, False, 92),
        (1, True, False, 11 + 12),
        (1, False, True, 11 + 9),
        (10, True, True, 92 + 20),
    ],
)
def test_what_digests_use(pipeline: Pipeline, *, events: int, opens: bool, sends: bool, written: int) -> None:
    """Events join by one transaction; opening a digest adds 12 write units, closing and sending it 8 or 9."""
    usage = counting.collected(pipeline, events, opens=opens, sends=sends).usage
    assert sum(usage.write_units.values()) == written
