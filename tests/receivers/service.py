"""What all fake services have: an answer to a request, and a rate."""

import json
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from local.receiver import Received, Reply
from tests.receivers.seen import Seen

JSON_HEADERS = {"Content-Type": "application/json"}
TEXT_HEADERS = {"Content-Type": "text/plain; charset=utf-8"}


@dataclass(frozen=True)
class Answer:
    """What a service answers, and what becomes of the message.

    ``seen``: what readers see; None if the message is nowhere to be seen, then ``lost`` says why. A service
    may answer as if it had taken a message that it loses.
    """

    status: int
    headers: dict[str, str]
    body: bytes
    seen: Seen | None = None
    lost: str | None = None

    @property
    def reply(self) -> Reply:
        """The answer in the form that a receiver on a port gives."""
        return Reply(self.status, self.headers, self.body)


@dataclass(frozen=True)
class Window:
    """So many requests within so many seconds."""

    requests: int
    seconds: float


@dataclass(frozen=True)
class Service:
    """A fake of a service, without state.

    ``path``: where a channel of it takes messages. ``windows``: how often. ``answer``: to one request,
    whatever came before. ``refuse``: what it says when it wants none for so many seconds.
    """

    name: str
    path: str
    windows: tuple[Window, ...]
    answer: Callable[[Received], Answer]
    refuse: Callable[[float], Answer]


@dataclass
class Paced:
    """A service that counts the requests it gets. ``clock``: seconds."""

    service: Service
    clock: Callable[[], float]
    _times: deque[float] = field(default_factory=deque)

    def answer(self, request: Received) -> Answer:
        """Answer, or refuse if there were too many requests. A refused one counts for nothing."""
        now = self.clock()
        wait = max((_wait(window, self._times, now) for window in self.service.windows), default=0.0)
        if wait > 0:
            return self.service.refuse(wait)
        self._times.append(now)
        return self.service.answer(request)


class Malformed(Exception):
    """A request's body is not what the service takes."""


def document(request: Received) -> dict[str, Any]:
    """Read a request's body as a JSON object.

    Raises:
        Malformed: it is none.
    """
    try:
        body = json.loads(request.body)
    except ValueError as error:
        raise Malformed(str(error)) from error
    if not isinstance(body, dict):
        raise Malformed("not an object")
    return body


def json_answer(status: int, body: Any, seen: Seen | None = None, lost: str | None = None) -> Answer:
    """Answer with a JSON document."""
    return Answer(status, JSON_HEADERS, json.dumps(body).encode(), seen, lost)


def text_answer(status: int, body: str, seen: Seen | None = None, lost: str | None = None) -> Answer:
    """Answer with a plain text."""
    return Answer(status, TEXT_HEADERS, body.encode(), seen, lost)


def units(text: str) -> int:
    """Count UTF-16 code units: the larger way, where a service does not say how it counts characters."""
    return len(text) + sum(character > "\uffff" for character in text)


def _wait(window: Window, times: Sequence[float], now: float) -> float:
    """Return how long a window is still full."""
    if len(times) < window.requests:
        return 0.0
    return times[-window.requests] + window.seconds - now
