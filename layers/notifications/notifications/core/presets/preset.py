"""The protocol that every preset fulfils, and what most of them have in common."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, Protocol

from notifications.core.delivery import Judgement, Response
from notifications.core.errors import LacksContent, UnusableBody
from notifications.core.messages import Message
from notifications.core.values import value


@value
class Fitted:
    """A body within the limits of its service. ``cuts``: what was cut, a sentence for each."""

    body: dict[str, Any]
    cuts: tuple[str, ...] = ()

    @property
    def cut(self) -> bool:
        """Return whether anything was cut."""
        return bool(self.cuts)


@value
class Addressed:
    """A body with the parts of the channel's URL or secrets that a service wants in the body.

    ``secrets``: the parts of the URL and the body that records and logs must not show.
    """

    url: str
    body: dict[str, Any]
    secrets: tuple[str, ...] = ()


class Preset(Protocol):
    """One service whose messages a webhook channel sends.

    ``label``: the service's own name. ``rate``: how fast it accepts messages, like "1/s"; None if it does not
    say. ``anywhere``: whether anybody may run the service, so that no URL can be ruled out.
    """

    label: str
    rate: str | None
    anywhere: bool

    def compose(self, message: Message) -> dict[str, Any]:
        """Make the body of a message, which may be longer than the service accepts."""

    def escape(self, text: str) -> str:
        """Return a value as markup that only shows it: it makes no mention, no link and no format."""

    def fit(self, body: Any, mark: str) -> Fitted:
        """Cut a body to the limits of the service, the largest texts first, between escapes and characters.

        ``mark``: plain text to put at the end of a cut text, if there is room for it.

        Raises:
            UnusableBody: the service would refuse the body, or show nothing, no matter what is cut.
        """

    def problems(self, body: Any) -> list[str]:
        """List the problems of a handwritten body: why it is refused, or what would be cut."""

    def judge(self, response: Response) -> Judgement | None:
        """Return what the service's response means; None if its status says all."""

    def suggests(self, url: str) -> bool:
        """Return whether a URL is one of the service's."""

    def refused(self, url: str) -> str | None:
        """Return why messages cannot be sent to a URL, and what to do instead; None if they can."""

    def address(self, url: str, body: Mapping[str, Any], routing_key: str | None) -> Addressed:
        """Return the URL that a body is sent to, and the body with what it needs from the channel."""


class Service(ABC):
    """The parts that most presets share."""

    label: str
    rate: str | None = None
    anywhere = False

    @abstractmethod
    def fit(self, body: Any, mark: str) -> Fitted:
        """See ``Preset``."""

    def problems(self, body: Any) -> list[str]:
        """See ``Preset``."""
        try:
            return list(self.fit(body, "").cuts)
        except UnusableBody as error:
            return [error.message]

    def refused(self, url: str) -> str | None:  # noqa: ARG002 - other presets use it
        """See ``Preset``."""
        return None

    def address(self, url: str, body: Mapping[str, Any], routing_key: str | None) -> Addressed:  # noqa: ARG002 - other presets use it
        """See ``Preset``."""
        return Addressed(url, dict(body))


def mark(event_id: str) -> str:
    """Return the mark that ends a cut text."""
    return f"… [cut; event {event_id}]"


def document(body: Any, label: str) -> dict[str, Any]:
    """Return a body that is a JSON object.

    Raises:
        LacksContent: it is something else.
    """
    if not isinstance(body, dict):
        raise LacksContent(f"{label} takes a JSON object, which this message is not")
    return body
