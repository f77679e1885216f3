"""What is sent to a receiver, and what its answer means."""

from dataclasses import dataclass
from typing import Literal

from notifications import __version__
from notifications.core.model import WebhookSpec

USER_AGENT = f"backend.ai-notification/{__version__}"
EXCERPT_CHARS = 200
"""How much of a receiver's answer is shown to whoever sent a test message."""

ErrorClass = Literal["status", "dns", "connect", "tls", "timeout", "protocol"]


@dataclass(frozen=True, slots=True)
class WebhookRequest:
    """One HTTP request to a receiver. ``timeout``: seconds for all of it, from look-up to last byte."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    timeout: float


@dataclass(frozen=True, slots=True)
class WebhookResponse:
    """What a receiver answered: its status and the beginning of the body."""

    status: int
    body: bytes
    seconds: float


@dataclass(frozen=True, slots=True)
class WebhookFailure:
    """Why there is no answer."""

    error_class: ErrorClass
    message: str
    seconds: float


Outcome = WebhookResponse | WebhookFailure


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an outcome means: delivered, or failed with a class and a reason."""

    delivered: bool
    error_class: ErrorClass | None
    reason: str


def webhook_request(spec: WebhookSpec, message: str) -> WebhookRequest:
    """Lay out the request that carries a message. The spec's content type wins over a header's."""
    headers = [
        (name, value)
        for name, value in spec.headers.items()
        if name.lower() not in {"content-type", "content-length"}
    ]
    if not any(name.lower() == "user-agent" for name, _ in headers):
        headers.append(("User-Agent", USER_AGENT))
    headers.append(("Content-Type", spec.content_type))
    return WebhookRequest(spec.method, spec.url, tuple(headers), message.encode(), spec.timeout)


def judge(spec: WebhookSpec, outcome: Outcome) -> Verdict:
    """Tell whether the message was delivered; a status that the spec does not list is a failure."""
    if isinstance(outcome, WebhookFailure):
        return Verdict(False, outcome.error_class, outcome.message)
    if outcome.status in spec.success_status_codes:
        return Verdict(True, None, f"status {outcome.status}")
    excerpt = outcome.body.decode(errors="replace")[:EXCERPT_CHARS]
    return Verdict(False, "status", f"The receiver answered with status {outcome.status}: {excerpt}")
