"""What every kind of channel must be able to do."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from notifications.core.delivery import Content, Outcome, Response, Verdict
from notifications.core.model import Format
from notifications.core.secrets import Secrets
from notifications.core.targets import Target, TargetPolicy

S = TypeVar("S")
R = TypeVar("R")

Described = tuple[str, str, Mapping[str, str]]
"""How an attempt is shown: method, URL and headers, all without credentials."""


class ChannelKind(Protocol[S, R]):
    """One kind of channel. ``S``: its spec, ``R``: the request that carries a message.

    ``signed``: its messages are signed with secrets of the channel. ``fast``: its receivers are expected to
    answer within the time of the fast lane.
    """

    signed: bool
    fast: bool

    def read_spec(self, stored: Mapping[str, Any]) -> S:
        """Read a spec from the JSON object that it is stored as."""

    def target(self, spec: S, policy: TargetPolicy) -> Target:
        """Find where a spec leads.

        Raises:
            InvalidRequest: nothing may be sent there.
        """

    def take_secrets(self, spec: S) -> tuple[S, Secrets]:
        """Part a spec from its secrets."""

    def put_secrets(self, spec: S, secrets: Secrets) -> S:
        """Join a spec with its secrets."""

    def message_format(self, spec: S) -> Format:
        """Return what the templates of rules must make for a channel."""

    def templates(self, spec: S) -> tuple[str, ...]:
        """List the templates in a spec that need fields of the event."""

    def complete(self, spec: S, message: str, render: Callable[[str], str]) -> Content:
        """Add to a rendered message what templates of the channel make; ``render`` renders one.

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
        """Build what carries a message; see ``notifications.core.kinds.build_request``."""

    def describe(self, request: R) -> Described:
        """Describe a request for the record of its attempt."""

    def shown(self, request: R, outcome: Outcome) -> Outcome:
        """Return an outcome as it may be told and kept: without credentials of the request."""

    def judge(self, spec: S, response: Response) -> Verdict:
        """Return whether a response means that the message was delivered."""
