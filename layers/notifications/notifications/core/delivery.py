"""What is sent to a receiver, and what its response means."""

from collections.abc import Mapping
from dataclasses import field
from typing import ClassVar, Literal

from notifications.core.model import ChannelType
from notifications.core.values import value

RESPONSE_BYTES = 8 * 1024
"""How much of a receiver's response is read and kept. The exchange ends there."""

ACCEPTED = "accepted"
"""What is told of a recipient who got the email; of others it is the server's reply."""

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
    """What a rule's template made of an event. ``subject`` is an email's.

    ``recipients``: what the templates among an email's recipients made, by template; None without any.
    """

    message: str
    subject: str | None = None
    recipients: Mapping[str, str] | None = None


@value
class OwnTls:
    """What a channel brings for its connections, as PEM: whom to trust, and who the service is."""

    ca_bundle: str | None = None
    certificate: str | None = None
    key: str | None = field(default=None, repr=False)


@value
class WebhookRequest:
    """One HTTP request to a receiver. ``timeout``: seconds for all of it, from look-up to last byte.

    ``own_tls``: None for what most channels have, the stack's own list of whom to trust. ``signing``: the
    secrets that it is signed with.
    """

    channel_type: ClassVar[ChannelType] = "webhook"

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    timeout: float
    own_tls: OwnTls | None = None
    signing: tuple[str, ...] = field(default=(), repr=False)

    @property
    def reaches_nobody(self) -> bool:
        """Tell whether there is nobody to send it to: it has one receiver always."""
        return False


@value
class EmailRequest:
    """One email to an SMTP server. ``body``: the whole message with its headers, lines ended by CRLF.

    ``tls``: "implicit" from the first byte, "starttls" or nothing else, or "none". ``unsent``: recipients to
    whom it is not sent, with the reasons.
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
        """Tell whether there is nobody to send it to."""
        return not self.recipients


Request = WebhookRequest | EmailRequest


@value
class EmailOutcome:
    """What became of an email's recipients: those who got it, and those refused, for good or for now.

    By address, with the server's words. ``unsent``: those to whom it was not sent, with the reasons.
    """

    accepted: tuple[str, ...] = ()
    refused: Mapping[str, str] = field(default_factory=dict)
    deferred: Mapping[str, str] = field(default_factory=dict)
    unsent: Mapping[str, str] = field(default_factory=dict)

    @property
    def settled(self) -> tuple[str, ...]:
        """Those to whom the email must not be sent once more."""
        return (*self.accepted, *self.refused, *self.unsent)

    @property
    def told(self) -> dict[str, str]:
        """What is told of each."""
        return {**dict.fromkeys(self.accepted, ACCEPTED), **self.refused, **self.deferred, **self.unsent}


def told_of(replies: Mapping[str, str]) -> str:
    """Tell what a mail server replied of recipients, by address."""
    return "; ".join(f"RCPT TO {recipient}: {reply}" for recipient, reply in replies.items())


def told_unsent(reasons: Mapping[str, str]) -> str:
    """Tell why an email is not sent to some, by address or template."""
    return "; ".join(f"not sent to {recipient}: {reason}" for recipient, reason in reasons.items())


@value
class Response:
    """What a receiver answered: its HTTP or SMTP status and the beginning of the body.

    ``cut``: there was more of the body. ``retry_after``: the seconds for which it wants to be left alone.
    """

    status: int
    body: bytes
    seconds: float
    cut: bool = False
    retry_after: float | None = None
    email: EmailOutcome | None = None


@value
class Failure:
    """Why there is no response that counts. ``status``: a mail server's refusal, else 0."""

    error_class: ErrorClass
    message: str
    seconds: float
    status: int = 0
    email: EmailOutcome | None = None


Outcome = Response | Failure


@value
class Verdict:
    """What an outcome means: delivered, or failed with a class and a reason."""

    delivered: bool
    error_class: ErrorClass | None
    reason: str
