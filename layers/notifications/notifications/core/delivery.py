"""Requests to receivers, and their outcomes."""

from collections.abc import Mapping
from dataclasses import field
from typing import ClassVar, Literal

from notifications.core.model import ChannelType
from notifications.core.values import value

RESPONSE_BYTES = 8 * 1024
"""How much of a response's body is read and kept. The exchange ends after so much."""

ACCEPTED = "accepted"
"""The result for a recipient who got the email; others have the server's reply."""

SMTP_PERMANENT = 500

ErrorClass = Literal[
    "status",
    "response",
    "dns",
    "connect",
    "tls",
    "timeout",
    "protocol",
    "too_large",
    "refused_address",
    "smtp_temporary",
    "smtp_permanent",
    "recipient",
    "render",
    "invalid",
    "own",
]


@value
class Content:
    """The message that a rule rendered for an event.

    ``subject``: an email's. ``recipients``: the addresses that the templates among an email's recipients
    rendered, by template; None if there are no templates. ``html``: the same message as HTML, for emails with
    a default message.
    """

    message: str
    subject: str | None = None
    recipients: Mapping[str, str] | None = None
    html: str | None = None


@value
class OwnTls:
    """A channel's own TLS settings, as PEM: the authorities to trust, and the service's certificate."""

    ca_bundle: str | None = None
    certificate: str | None = None
    key: str | None = field(default=None, repr=False)


@value
class WebhookRequest:
    """One HTTP request to a receiver.

    ``timeout``: seconds for the whole exchange, from lookup to last byte. ``own_tls``: None if the channel
    uses the stack's own CA bundle. ``signing``: the secrets that it is signed with. ``secrets``: those in its
    body.
    """

    channel_type: ClassVar[ChannelType] = "webhook"

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    timeout: float
    own_tls: OwnTls | None = None
    signing: tuple[str, ...] = field(default=(), repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)

    @property
    def reaches_nobody(self) -> bool:
        """Return False: a webhook always has its one receiver."""
        return False


@value
class EmailRequest:
    """One email to an SMTP server. ``body``: the whole message with its headers, lines ended by CRLF.

    ``tls``: "implicit": TLS from the first byte; "starttls": nothing is sent before STARTTLS succeeded;
    "none". ``unsent``: recipients to whom it is not sent, with the reasons.
    """

    channel_type: ClassVar[ChannelType] = "email"

    host: str
    port: int
    tls: Literal["implicit", "starttls", "none"]
    credentials: tuple[str, str] | None
    sender: str
    recipients: tuple[str, ...]
    body: bytes
    timeout: float
    own_tls: OwnTls | None = None
    unsent: Mapping[str, str] = field(default_factory=dict)

    @property
    def reaches_nobody(self) -> bool:
        """Return whether it has no recipient."""
        return not self.recipients


Request = WebhookRequest | EmailRequest


@value
class EmailOutcome:
    """The results for an email's recipients, by address with the server's reply.

    ``accepted``: they got it. ``refused``: for good. ``deferred``: to be tried again. ``unsent``: it was not
    sent to them, with the reasons.
    """

    accepted: tuple[str, ...] = ()
    refused: Mapping[str, str] = field(default_factory=dict)
    deferred: Mapping[str, str] = field(default_factory=dict)
    unsent: Mapping[str, str] = field(default_factory=dict)

    @property
    def settled(self) -> tuple[str, ...]:
        """The recipients to whom the email must not be sent again."""
        return (*self.accepted, *self.refused, *self.unsent)

    @property
    def told(self) -> dict[str, str]:
        """The result for each recipient, by address."""
        return {**dict.fromkeys(self.accepted, ACCEPTED), **self.refused, **self.deferred, **self.unsent}


def told_of(replies: Mapping[str, str]) -> str:
    """Write a mail server's replies about recipients in one line. ``replies``: by address."""
    return "; ".join(f"RCPT TO {recipient}: {reply}" for recipient, reply in replies.items())


def told_unsent(reasons: Mapping[str, str]) -> str:
    """Write in one line why an email is not sent to some recipients. ``reasons``: by address or template."""
    return "; ".join(f"not sent to {recipient}: {reason}" for recipient, reason in reasons.items())


@value
class Response:
    """A receiver's response: its HTTP or SMTP status and the beginning of the body.

    ``seconds``: how long the exchange took. ``cut``: whether there was more of the body. ``retry_after``: the
    seconds that the receiver asked to wait before the next attempt.
    """

    status: int
    body: bytes
    seconds: float
    cut: bool = False
    retry_after: float | None = None
    email: EmailOutcome | None = None


@value
class Failure:
    """Why there is no usable response. ``status``: that of a mail server's refusal, otherwise 0."""

    error_class: ErrorClass
    message: str
    seconds: float
    status: int = 0
    email: EmailOutcome | None = None


Outcome = Response | Failure


@value
class Judgement:
    """The meaning of an outcome: delivered, or failed with an error class and a reason.

    ``permanent``: whether another try would fail too; None leaves that to the class and the status.
    ``retry_after``: the seconds that the receiver asked to wait in a way of its own.
    """

    delivered: bool
    error_class: ErrorClass | None
    reason: str
    permanent: bool | None = None
    retry_after: float | None = None
