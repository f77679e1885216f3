"""What is sent to a receiver, and what its answer means."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any, Literal

from notifications import __version__
from notifications.core import signatures, templates
from notifications.core.errors import InvalidRequest
from notifications.core.model import EmailSpec, Spec, WebhookSpec
from notifications.core.values import value

USER_AGENT = f"backend.ai-notification/{__version__}"
ANSWER_BYTES = 8 * 1024
"""How much of a receiver's answer is read and kept. The exchange ends there."""

EXCERPT_CHARS = 200
"""How much of a receiver's answer is shown to whoever sent a test message."""

MAX_SUBJECT_CHARS = 250
"""What is longer is cut: no mail reader shows more, and some servers refuse it."""

JSON_TYPE = "application/json"
JSON_SUFFIX = "+json"

IMPLICIT_TLS_PORT = 465
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
    "dns",
    "connect",
    "tls",
    "timeout",
    "protocol",
    "too_large",
    "refused_address",
    "smtp_temporary",
    "smtp_permanent",
    "render",
    "invalid",
]


@value
class Content:
    """What a rule's template made of an event. ``subject`` is a mail's."""

    message: str
    subject: str | None = None


@value
class WebhookRequest:
    """One HTTP request to a receiver. ``timeout``: seconds for all of it, from look-up to last byte."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    timeout: float


@value
class Mail:
    """One mail to an SMTP server. ``body``: the whole message with its headers, lines ended by CRLF.

    ``tls``: "implicit" from the first byte, "starttls" or nothing else, or "none".
    """

    host: str
    port: int
    tls: Literal["implicit", "starttls", "none"]
    credentials: tuple[str, str] | None
    sender: str
    recipients: tuple[str, ...]
    body: bytes
    timeout: float


Request = WebhookRequest | Mail


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


@value
class Failure:
    """Why there is no answer that counts. ``status``: a mail server's refusal, else 0."""

    error_class: ErrorClass
    message: str
    seconds: float
    status: int = 0


Outcome = Response | Failure


@value
class Verdict:
    """What an outcome means: delivered, or failed with a class and a reason."""

    delivered: bool
    error_class: ErrorClass | None
    reason: str


def content(spec: Spec, message: str, variables: Mapping[str, Any]) -> Content:
    """Complete a rendered message with the subject that a mail needs. ``variables``: what templates see.

    Raises:
        TemplateError: the subject template fails.
    """
    if not isinstance(spec, EmailSpec):
        return Content(message)
    if spec.subject_template is not None:
        return Content(message, _one_line(templates.render(spec.subject_template, variables)))
    subject, _, text = message.strip().partition("\n")
    return Content(text, _one_line(subject))


def request(
    spec: Spec, content: Content, message_id: str, now: datetime, signing: Sequence[str] = ()
) -> Request:
    """Lay out what carries a message to a channel.

    ``message_id``: the same for each try of one message. ``signing``: the secrets that a webhook is signed
    with, while one rotates the new and the old.

    Raises:
        InvalidRequest: a mail address is malformed.
    """
    if isinstance(spec, EmailSpec):
        return _mail(spec, content, message_id, now)
    return _webhook_request(spec, content, message_id, now, signing)


def message_format(spec: Spec) -> templates.Format:
    """Tell what templates for this channel make: JSON for a JSON content type, else any text."""
    if isinstance(spec, EmailSpec):
        return "text"
    media_type = spec.content_type.partition(";")[0].strip().lower()
    return "json" if media_type == JSON_TYPE or media_type.endswith(JSON_SUFFIX) else "text"


def judge(spec: Spec, outcome: Outcome) -> Verdict:
    """Tell whether the message was delivered; a status that the spec does not list is a failure."""
    if isinstance(outcome, Failure):
        return Verdict(delivered=False, error_class=outcome.error_class, reason=outcome.message)
    if isinstance(spec, EmailSpec) or outcome.status in spec.success_status_codes:
        return Verdict(delivered=True, error_class=None, reason=f"status {outcome.status}")
    excerpt = outcome.body.decode(errors="replace")[:EXCERPT_CHARS]
    reason = f"The receiver answered with status {outcome.status}: {excerpt}"
    return Verdict(delivered=False, error_class="status", reason=reason)


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
    return WebhookRequest(spec.method, spec.url, tuple(headers), body, spec.timeout)


def _one_line(subject: str) -> str:
    # A line break in it would begin another header.
    return " ".join(subject.split())[:MAX_SUBJECT_CHARS]


def _mail(spec: EmailSpec, content: Content, message_id: str, now: datetime) -> Mail:
    mail = EmailMessage(policy=SMTP)
    try:
        mail["From"] = Address(addr_spec=spec.from_email)
        mail["To"] = [Address(addr_spec=recipient) for recipient in spec.to_emails]
    except (ValueError, MessageError) as error:
        raise InvalidRequest(f"A mail address is malformed: {error}") from None
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{message_id}@{spec.from_email.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(content.message.strip() + "\n", charset="utf-8", cte="base64")
    return Mail(
        host=spec.host,
        port=spec.port,
        tls=_tls(spec),
        credentials=(spec.username, spec.password or "") if spec.username else None,
        sender=spec.from_email,
        recipients=spec.to_emails,
        body=_subject(content.subject or "") + mail.as_bytes(),
        timeout=spec.timeout,
    )


def _subject(text: str) -> bytes:
    """Write the subject's header.

    Not by the policy: that reads what looks encoded, ``=?utf-8?q?...?=``, and writes the line breaks that
    are in it (until Python 3.13).
    """
    plain = text.isascii() and text.isprintable() and "=?" not in text
    header = Header(text, "us-ascii" if plain else "utf-8", header_name="Subject")
    return f"Subject: {header.encode(linesep=SMTP.linesep)}{SMTP.linesep}".encode()


def _tls(spec: EmailSpec) -> Literal["implicit", "starttls", "none"]:
    if not spec.use_tls:
        return "none"
    return "implicit" if spec.port == IMPLICIT_TLS_PORT else "starttls"
