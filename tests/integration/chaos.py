"""Dispatchers, an operator and a sweeper whose calls of AWS come in any order, and fail or kill by a seed."""

import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from notifications.awsapi.client import TRIES, Client
from notifications.awsapi.errors import NotReached, Refused
from tests.cloud.pipeline import MAX_RECEIVES, Death
from tests.integration.away import THROTTLED

WAIT_SECONDS = 60.0
VISIBILITY = timedelta(seconds=90)
TOLD_THE_TIME = (
    "dispatcher.claims",
    "dispatcher.dispatch",
    "notifications.delivering.invocation",
    "deliveries_api.dispatching",
    "redeliverer.sweep",
)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
FAULTS = ("death before", "death after", "lost", "away", "in part")
Do = Callable[[bytes], dict[str, Any]]


class Clock(datetime):
    """A clock that goes on only when it is told to."""

    at = datetime.now(UTC)

    @classmethod
    def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
        """Tell the time."""
        return cls.at.astimezone(tz)


@dataclass(eq=False)
class Queued:
    """A message on the event queue."""

    id: str
    body: str
    again: bool = False
    receives: int = 0
    visible_at: datetime = LONG_AGO

    @property
    def record(self) -> dict[str, Any]:
        """What a dispatcher is given."""
        return {
            "messageId": self.id,
            "receiptHandle": self.id,
            "body": self.body,
            "attributes": {"ApproximateReceiveCount": str(self.receives)},
            "messageAttributes": {"again": {}} if self.again else {},
        }


class Queue:
    """The event queue. ``buried``: what it has given too often."""

    def __init__(self, random: Random) -> None:
        self.messages: dict[str, Queued] = {}
        self.buried: list[Queued] = []
        self._random = random
        self._count = 0

    def put(self, body: str, *, again: bool = False, receives: int = 0) -> None:
        """Add a message."""
        self._count += 1
        message = Queued(f"m-{self._count}", body, again, receives)
        self.messages[message.id] = message

    def receive(self, most: int, twice: float) -> list[Queued]:
        """Give some messages, with the probability ``twice`` each of those too that somebody has."""
        given = []
        for message in self._random.sample([*self.messages.values()], len(self.messages)):
            if message.visible_at > Clock.at and self._random.random() >= twice:
                continue
            if message.receives >= MAX_RECEIVES:
                self.buried.append(self.messages.pop(message.id))
                continue
            message.receives += 1
            message.visible_at = Clock.at + VISIBILITY
            given.append(message)
            if len(given) == most:
                break
        return given

    def hide(self, entries: Sequence[dict[str, Any]]) -> dict[str, Any]:
        """Change when messages are given again."""
        for entry in entries:
            if message := self.messages.get(entry["ReceiptHandle"]):
                message.visible_at = Clock.at + timedelta(seconds=entry["VisibilityTimeout"])
        return {"Successful": [], "Failed": []}


@dataclass(eq=False)
class Player:
    """A process that waits for its turn before each call. ``left``: how often its ``fault`` still happens."""

    job: Callable[["Player"], None]
    go: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    over: bool = False
    dead: bool = False
    harmed: bool = False
    fault: tuple[str, str] = ("", "")
    left: int = 0
    error: BaseException | None = None


class Turns:
    """Give each of several processes its turn, one call at a time."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._back = threading.Semaphore(0)
        self._local = threading.local()

    def play(self, jobs: Sequence[Callable[[Player], None]]) -> None:
        """Run these side by side until all are over."""
        players = [Player(job) for job in jobs]
        for player in players:
            threading.Thread(target=self._run, args=(player,), daemon=True).start()
        while living := [player for player in players if not player.over]:
            self._random.choice(living).go.release()
            assert self._back.acquire(timeout=WAIT_SECONDS)
        for player in players:
            if player.error is not None:
                raise player.error

    def wait(self) -> Player | None:
        """Wait for the turn of the process that calls; None if this thread is nobody's."""
        player: Player | None = getattr(self._local, "player", None)
        if player is not None:
            self._back.release()
            assert player.go.acquire(timeout=WAIT_SECONDS)
        return player

    def _run(self, player: Player) -> None:
        self._local.player = player
        try:
            assert player.go.acquire(timeout=WAIT_SECONDS)
            player.job(player)
        except Death:
            pass
        except BaseException as error:  # noqa: BLE001 - it is raised in the thread that waits
            player.error = error
        finally:
            player.over = True
            self._back.release()


class Faults:
    """Have calls fail. ``rate``: how often, of all calls; 0 for never."""

    def __init__(self, patch: pytest.MonkeyPatch, random: Random, turns: Turns, queue: Queue) -> None:
        self.rate = 0.0
        self._random = random
        call = Client._try  # noqa: SLF001 - below it are the client's own tries

        def tried(client: Client, operation: str, body: bytes) -> dict[str, Any]:
            def do(asked: bytes) -> dict[str, Any]:
                if operation == "ChangeMessageVisibilityBatch":
                    return queue.hide(json.loads(asked)["Entries"])
                return call(client, operation, asked)

            player = turns.wait()
            return do(body) if player is None else self._done(player, operation, body, do)

        patch.setattr(Client, "_try", tried)

    def _done(self, player: Player, operation: str, body: bytes, do: Do) -> dict[str, Any]:
        if player.dead:
            raise Death
        match self._fault(player, operation):
            case "death before":
                player.dead = True
                raise Death
            case "death after":
                do(body)
                player.dead = True
                raise Death
            case "lost":
                do(body)
                raise NotReached("the response was lost")
            case "away":
                raise Refused(400, THROTTLED)
            case "in part":
                return _in_part(self._random, operation, body, do)
            case _:
                return do(body)

    def _fault(self, player: Player, operation: str) -> str:
        """Go on with a fault of the same operation, or begin another one, sometimes."""
        if player.left and player.fault[1] == operation:
            player.left -= 1
            return player.fault[0]
        if self._random.random() >= self.rate:
            return ""
        player.harmed = True
        player.fault = (self._random.choice(FAULTS), operation)
        player.left = self._random.choice((0, 0, TRIES - 1))
        return player.fault[0]


def _in_part(random: Random, operation: str, body: bytes, do: Do) -> dict[str, Any]:
    """Do a part of a batch, and tell what is left."""
    asked = json.loads(body)
    match operation:
        case "BatchWriteItem":
            ((table, requests),) = asked["RequestItems"].items()
            done, left = _parted(random, requests)
            if done:
                do(json.dumps({"RequestItems": {table: done}}).encode())
            return {"UnprocessedItems": {table: left} if left else {}}
        case "BatchGetItem":
            ((table, wanted),) = asked["RequestItems"].items()
            done, left = _parted(random, wanted["Keys"])
            found = (
                do(json.dumps({"RequestItems": {table: wanted | {"Keys": done}}}).encode()) if done else {}
            )
            answer: dict[str, Any] = {"Responses": {table: []}, "UnprocessedKeys": {}} | found
            return answer | ({"UnprocessedKeys": {table: wanted | {"Keys": left}}} if left else {})
        case "BatchExecuteStatement":
            done, _ = _parted(random, asked["Statements"])
            found = do(json.dumps({"Statements": done}).encode()) if done else {"Responses": []}
            answers = iter(found["Responses"])
            busy = {"Error": {"Code": "ThrottlingError"}}
            return {"Responses": [next(answers) if each in done else busy for each in asked["Statements"]]}
        case _:
            return do(body)


def _parted(random: Random, batch: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    done = [each for each in batch if random.random() < 1 / 2]
    return done, [each for each in batch if each not in done]
