"""The fake services behind one port, each at its own path."""

import time
from collections.abc import Callable, Mapping

from local.receiver import Received, Receiver, Reply
from tests.receivers import SERVICES
from tests.receivers.seen import Seen
from tests.receivers.service import Answer, Paced


class Services(Receiver):
    """A server that is all eight services. ``clock``: None for services that want any number of requests."""

    def __init__(self, clock: Callable[[], float] | None = time.monotonic) -> None:
        self.answers: dict[str, list[Answer]] = {name: [] for name in SERVICES}
        self._paced: Mapping[str, Paced] = (
            {name: Paced(service, clock) for name, service in SERVICES.items()} if clock else {}
        )
        super().__init__(self._reply)

    def url_of(self, name: str) -> str:
        """Return where a service takes messages."""
        return self.url + SERVICES[name].path

    def seen(self, name: str) -> list[Seen]:
        """Return the messages that readers of a service see."""
        return [answer.seen for answer in self.answers[name] if answer.seen]

    def _reply(self, request: Received) -> Reply:
        name = service_at(request.path)
        answer = (self._paced.get(name) or SERVICES[name]).answer(request)
        self.answers[name].append(answer)
        return answer.reply


def service_at(path: str) -> str:
    """Return the service whose messages come to a path."""
    own = path.partition("?")[0]
    return next((name for begin, name in _PLACES.items() if own.startswith(begin)), "ntfy")


_PLACES = {
    "/services/": "slack",
    "/powerautomate/": "teams",
    "/api/": "discord",
    "/hooks/": "mattermost",
    "/v2/": "pagerduty",
    "/v1/": "google-chat",
    "/bot": "telegram",
}
