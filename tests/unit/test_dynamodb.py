"""What a busy DynamoDB leaves of batches, and why it cancels transactions."""

from collections.abc import Callable
from typing import Any, cast

import pytest

from notifications.awsapi.client import Client
from notifications.awsapi.errors import Refused
from notifications.core.errors import Unavailable
from notifications.store.dynamodb import READ_ROUNDS, read_batches
from notifications.store.health import HealthStore
from notifications.store.table import WRITE_TRIES, ConfigTable
from notifications.store.versions import Concern

KEYS = [{"pk": {"S": f"item-{number}"}} for number in range(250)]


class Busy:
    """DynamoDB, which reads so many items of a batch, or cancels transactions for a reason so many times."""

    def __init__(self, reads: Callable[[], int] = lambda: 100, cancels: tuple[str, ...] = ()) -> None:
        self.calls = 0
        self._reads = reads
        self._cancels = [*cancels]

    def call(self, operation: str, **parameters: Any) -> dict[str, Any]:
        """Answer as DynamoDB does."""
        self.calls += 1
        if operation == "BatchGetItem":
            ((name, wanted),) = parameters["RequestItems"].items()
            keys, count = wanted["Keys"], self._reads()
            left = {name: {"Keys": keys[count:]}} if keys[count:] else {}
            return {"Responses": {name: keys[:count]}, "UnprocessedKeys": left}
        if self._cancels:
            reasons = [{"Code": "None"}, {"Code": self._cancels.pop()}]
            raise Refused(400, {"__type": "TransactionCanceledException", "CancellationReasons": reasons})
        return {}


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Note the pauses instead of making them."""
    made: list[float] = []
    monkeypatch.setattr("notifications.store.dynamodb.time.sleep", made.append)
    return made


def test_a_batch_that_is_read_bit_by_bit(pauses: list[float]) -> None:
    """Every item is read once, whatever is left; while it goes on the pauses stay short."""
    busy = Busy(reads=lambda: 30)
    found = read_batches(cast(Client, busy), "table", KEYS)
    assert found == KEYS
    assert busy.calls == 4 + 4 + 2
    assert max(pauses) < 0.1


def test_a_batch_of_which_nothing_is_read(pauses: list[float]) -> None:
    """It is asked for again, each time after a longer pause, and given up in the end."""
    busy = Busy(reads=lambda: 0)
    with pytest.raises(Unavailable, match="left 100 items unread"):
        read_batches(cast(Client, busy), "table", KEYS)
    assert busy.calls == READ_ROUNDS
    assert len(pauses) == READ_ROUNDS
    assert pauses[-1] > 8 * pauses[0]
    assert sum(pauses) < 40  # each may by chance be half as long again: 38.25 s at most


def test_a_partition_that_is_busy_for_a_moment() -> None:
    """After rounds without any item the batch goes on, as often as that happens."""
    answers = [*([0] * (READ_ROUNDS - 1)), 1] * 3
    busy = Busy(reads=lambda: answers.pop(0) if answers else 100)
    assert read_batches(cast(Client, busy), "table", KEYS[:9]) == KEYS[:9]


def test_every_batch_read_is_bounded() -> None:
    """The configuration and the channels' health are read in the same bounded way."""
    for read in (
        lambda client: ConfigTable(client, "table").get_many(KEYS[:2]),
        lambda client: HealthStore(client, "table").of({"channel-1", "channel-2"}),
    ):
        with pytest.raises(Unavailable, match="2 items unread"):
            read(cast(Client, Busy(reads=lambda: 0)))


@pytest.mark.parametrize("why", ["ProvisionedThroughputExceeded", "ThrottlingError", "TransactionConflict"])
def test_a_transaction_that_is_cancelled_for_a_moment(why: str) -> None:
    """A transaction that met a busy partition or another one is tried again."""
    busy = Busy(cancels=(why,) * (WRITE_TRIES - 1))
    ConfigTable(cast(Client, busy), "table").write(("Put", {"Item": {}}, None), concern=Concern())
    assert busy.calls == WRITE_TRIES


def test_a_transaction_that_is_cancelled_again_and_again() -> None:
    """It is given up after its tries, with an error that says that it may be tried again."""
    busy = Busy(cancels=("ProvisionedThroughputExceeded",) * WRITE_TRIES)
    with pytest.raises(Unavailable, match="try again"):
        ConfigTable(cast(Client, busy), "table").write(("Put", {"Item": {}}, None), concern=Concern())
    assert busy.calls == WRITE_TRIES


def test_a_transaction_that_will_never_do() -> None:
    """What another try would not change is raised at once."""
    busy = Busy(cancels=("ItemCollectionSizeLimitExceeded",))
    with pytest.raises(Refused):
        ConfigTable(cast(Client, busy), "table").write(("Put", {"Item": {}}, None), concern=Concern())
    assert busy.calls == 1
