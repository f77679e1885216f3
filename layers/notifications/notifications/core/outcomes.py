"""Outcomes without what they repeat of a request's credentials."""

from dataclasses import replace

from notifications.core import masking
from notifications.core.delivery import Failure, Mail, Outcome, Request


def masked(request: Request, outcome: Outcome) -> Outcome:
    """Return an outcome whose answer repeats no credential of the request."""
    if isinstance(request, Mail):
        return _masked_mail(request, outcome)
    if isinstance(outcome, Failure):
        return outcome
    answer = masking.without_credentials(outcome.body, request.url, request.headers, cut=outcome.cut)
    return outcome if answer == outcome.body else replace(outcome, body=answer)


def _masked_mail(request: Mail, outcome: Outcome) -> Outcome:
    if request.credentials is None:
        return outcome
    known = masking.looked_for((request.credentials[1], ":".join(request.credentials)))

    def clean(text: str) -> str:
        return masking.without(text.encode(errors="replace"), known).decode(errors="replace")

    mail = outcome.mail and replace(
        outcome.mail,
        refused={name: clean(reply) for name, reply in outcome.mail.refused.items()},
        deferred={name: clean(reply) for name, reply in outcome.mail.deferred.items()},
    )
    if isinstance(outcome, Failure):
        return replace(outcome, message=clean(outcome.message), mail=mail)
    return replace(outcome, body=masking.without(outcome.body, known), mail=mail)
