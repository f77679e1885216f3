"""Outcomes as they are told: without credentials of the request, and with whom nothing was sent to."""

from dataclasses import replace

from notifications.core import masking
from notifications.core.delivery import Failure, Mail, MailOutcome, Outcome, Request, WebhookRequest


def told(request: Request, outcome: Outcome) -> Outcome:
    """Return an outcome as it may be told and kept. The sender's of mail repeats no credential."""
    if not isinstance(request, Mail):
        return _masked(request, outcome)
    if not request.unsent:
        return outcome
    return replace(outcome, mail=replace(outcome.mail or MailOutcome(), unsent=request.unsent))


def _masked(request: WebhookRequest, outcome: Outcome) -> Outcome:
    """Return an outcome that repeats no credential of the request."""
    text = outcome.message.encode(errors="replace") if isinstance(outcome, Failure) else outcome.body
    cut = not isinstance(outcome, Failure) and outcome.cut
    shown = masking.without_credentials(text, request.url, request.headers, request.signing, cut=cut)
    if shown == text:
        return outcome
    if isinstance(outcome, Failure):
        return replace(outcome, message=shown.decode(errors="replace"))
    return replace(outcome, body=shown)
