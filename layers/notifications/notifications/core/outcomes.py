"""Outcomes without what they repeat of a request's credentials."""

from dataclasses import replace

from notifications.core import masking
from notifications.core.delivery import Failure, Mail, Outcome, Request


def masked(request: Request, outcome: Outcome) -> Outcome:
    """Return an outcome that repeats no credential of the request; the sender's of mail repeats none."""
    if isinstance(request, Mail):
        return outcome
    told = outcome.message.encode(errors="replace") if isinstance(outcome, Failure) else outcome.body
    cut = not isinstance(outcome, Failure) and outcome.cut
    shown = masking.without_credentials(told, request.url, request.headers, request.signing, cut=cut)
    if shown == told:
        return outcome
    if isinstance(outcome, Failure):
        return replace(outcome, message=shown.decode(errors="replace"))
    return replace(outcome, body=shown)
