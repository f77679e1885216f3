"""The protocol that every kind of channel fulfils."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from notifications.core.delivery import Content, Judgement, Outcome, Response
from notifications.core.model import Format
from notifications.core.secrets import Secrets
from notifications.core.targets import Target, TargetPolicy

S = TypeVar("S")
R = TypeVar("R")

Described = tuple[str, str, Mapping[str, str]]
"""How an attempt is shown: method, URL and headers, without credentials."""


class ChannelKind(Protocol[S, R]):
    """One kind of channel. ``S``: its spec. ``R``: its requests.

    ``signed``: its messages are signed with the channel's secrets. ``fast``: its receivers are expected to
    respond within the fast lane's time.
    """

    signed: bool
    fast: bool

    def read_spec(self, stored: Mapping[str, Any]) -> S:
        """Parse a spec from its stored JSON object."""

    def target(self, spec: S, policy: TargetPolicy) -> Target:
        """Return a spec's target.

        Raises:
            InvalidRequest: nothing may be sent there.
        """

    def take_secrets(self, spec: S) -> tuple[S, Secrets]:
        """Separate a spec from its secrets."""

    def put_secrets(self, spec: S, secrets: Secrets) -> S:
        """Put a spec's secrets back."""

    def document(self, spec: S) -> dict[str, Any]:
        """Write a spec without its secrets, in the form of the API's documents."""

    def message_format(self, spec: S) -> Format:
        """Return the format that rules' templates must render for a channel."""

    def templates(self, spec: S) -> tuple[str, ...]:
        """List the templates in a spec that need fields of the event."""

    def complete(self, spec: S, message: str, render: Callable[[str], str]) -> Content:
        """Add the results of the channel's own templates to a rendered message. ``render``: renders one.

        Raises:
            TemplateError: one of them fails.
        """

    def build_request(
        self,
        spec: S,
        content: Content,
        message_id: str,
        now: datetime,
        signing: Sequence[str],
        settled: Collection[str],
    ) -> R:
        """Build the request that carries a message; see ``notifications.core.kinds.build_request``."""

    def describe(self, request: R) -> Described:
        """Describe a request for the record of its attempt."""

    def shown(self, request: R, outcome: Outcome) -> Outcome:
        """Return an outcome without the request's credentials, to be logged and recorded."""

    def judge(self, spec: S, response: Response) -> Judgement:
        """Return whether a response means that the message was delivered."""
