"""What is sent to a receiver, and what its answer means."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import field
from datetime import datetime
from typing import Literal

from notifications import __version__
from notifications.core import signatures
from notifications.core.model import (
    EmailSpec,
    Format,
    Spec,
    WebhookSpec,
)
from notifications.core.values import value

USER_AGENT = f"backend.ai-notification/{__version__}"
ANSWER_BYTES = 8 * 1024
"""How much of a receiver's answer is read and kept. The exchange ends there."""

JSON_TYPE = "application/json"
JSON_SUFFIX = "+json"

ACCEPTED = "accepted"
"""What is told of a recipient who got the mail; of others it is the server's reply."""

SMTP_PERMANENT = 500
_OWN_HEADERS = frozenset(
    {
        "content-type",
        "content-length",
        signatures.ID_HEADER,
        signatures.TIMESTAMP_HEADER,
        signatures.SIGNATURE_HEADER,
    }
)

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
    """What a rule's template made of an event. ``subject`` is a mail's.

    ``recipients``: what the templates among a mail's recipients made, by template; None without any.
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

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    timeout: float
    own_tls: OwnTls | None = None
    signing: tuple[str, ...] = field(default=(), repr=False)


@value
class Mail:
    """One mail to an SMTP server. ``body``: the whole message with its headers, lines ended by CRLF.

    ``tls``: "implicit" from the first byte, "starttls" or nothing else, or "none". ``unsent``: recipients to
    whom it is not sent, with the reasons.
    """

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


Request = WebhookRequest | Mail


@value
class MailOutcome:
    """What became of a mail's recipients: those who got it, and those who were refused, for good or for now.

    By address, with the server's words. ``unsent``: those to whom it was not sent, with the reasons.
    """

    accepted: tuple[str, ...] = ()
    refused: Mapping[str, str] = field(default_factory=dict)
    deferred: Mapping[str, str] = field(default_factory=dict)
    unsent: Mapping[str, str] = field(default_factory=dict)

    @property
    def settled(self) -> tuple[str, ...]:
        """Those to whom the mail must not be sent once more."""
        return (*self.accepted, *self.refused, *self.unsent)

    @property
    def told(self) -> dict[str, str]:
        """What is told of each."""
        return {**dict.fromkeys(self.accepted, ACCEPTED), **self.refused, **self.deferred, **self.unsent}


def told_of(replies: Mapping[str, str]) -> str:
    """Tell what a mail server replied of recipients, by address."""
    return "; ".join(f"RCPT TO {recipient}: {reply}" for recipient, reply in replies.items())


def told_unsent(reasons: Mapping[str, str]) -> str:
    """Tell why a mail is not sent to some, by address or template."""
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
    mail: MailOutcome | None = None


@value
class Failure:
    """Why there is no answer that counts. ``status``: a mail server's refusal, else 0."""

    error_class: ErrorClass
    message: str
    seconds: float
    status: int = 0
    mail: MailOutcome | None = None


Outcome = Response | Failure


@value
class Verdict:
    """What an outcome means: delivered, or failed with a class and a reason."""

    delivered: bool
    error_class: ErrorClass | None
    reason: str


def request(
    spec: Spec,
    content: Content,
    message_id: str,
    now: datetime,
    signing: Sequence[str] = (),
    settled: Collection[str] = (),
) -> Request:
    """Lay out what carries a message to a channel.

    ``message_id``: the same for each try of one message. ``signing``: the secrets that a webhook is signed
    with, while one rotates the new and the old. ``settled``: recipients of a mail who get it no more.

    Raises:
        InvalidRequest: a mail address is malformed.
        NoRecipient: an event gives a mail nobody to whom it may be sent.
    """
    if isinstance(spec, EmailSpec):
        from notifications.core import mail  # noqa: PLC0415 - Python's packages for mail are large

        return mail.lay_out(spec, content, message_id, now, settled)
    return _webhook_request(spec, content, message_id, now, signing)


def message_format(spec: Spec) -> Format:
    """Tell what templates for this channel make: JSON for a JSON content type, else any text."""
    if isinstance(spec, EmailSpec):
        return "text"
    media_type = spec.content_type.partition(";")[0].strip().lower()
    return "json" if media_type == JSON_TYPE or media_type.endswith(JSON_SUFFIX) else "text"


def _webhook_request(
    spec: WebhookSpec, content: Content, message_id: str, now: datetime, signing: Sequence[str]
) -> WebhookRequest:
    headers = [
        (name, value)
        for name, value in spec.headers.items()
        if name.lower() not in _OWN_HEADERS  # what the service says wins
    ]
    if not any(name.lower() == "user-agent" for name, _ in headers):
        headers.append(("User-Agent", USER_AGENT))
    body = content.message.encode()
    headers += [("Content-Type", spec.content_type), (signatures.ID_HEADER, message_id)]
    if signing:
        headers += signatures.signature_headers(message_id, int(now.timestamp()), body, signing)[1:]
    own_tls = None
    if spec.ca_bundle or spec.client_certificate:
        own_tls = OwnTls(spec.ca_bundle, spec.client_certificate, spec.client_key)
    return WebhookRequest(spec.method, spec.url, tuple(headers), body, spec.timeout, own_tls, tuple(signing))
