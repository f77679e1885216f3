"""Whether a message was delivered, by what came of sending it."""

from notifications.core.delivery import Failure, Outcome, Response, Verdict, told_of, told_unsent
from notifications.core.model import DEFAULT_SUCCESS_STATUS_CODES, Spec, WebhookSpec

SUCCESSES = range(200, 300)

EXCERPT_CHARS = 200
"""Of an answer, in the reason why it is a failure."""


def judge(spec: Spec, outcome: Outcome) -> Verdict:
    """Tell whether the message was delivered: by status and body of a webhook, or a mail's recipients."""
    if isinstance(outcome, Failure):
        return Verdict(delivered=False, error_class=outcome.error_class, reason=outcome.message)
    if isinstance(spec, WebhookSpec):
        return _of_webhook(spec, outcome)
    mail = outcome.mail
    if mail is not None and mail.deferred:
        return Verdict(delivered=False, error_class="smtp_temporary", reason=told_of(mail.deferred))
    also = [told_of(mail.refused), told_unsent(mail.unsent)] if mail is not None else []
    return _delivered(outcome, *filter(None, also))


def _of_webhook(spec: WebhookSpec, response: Response) -> Verdict:
    text = response.body.decode(errors="replace")
    excerpt = text[:EXCERPT_CHARS]
    if not _is_success(response.status, spec):
        reason = f"The receiver answered with status {response.status}: {excerpt}"
        return Verdict(delivered=False, error_class="status", reason=reason)
    misfit = _misfit(spec, text)
    if misfit is not None:
        reason = f"The receiver's response {misfit}: {excerpt}"
        return Verdict(delivered=False, error_class="response", reason=reason)
    return _delivered(response)


def _delivered(response: Response, *also: str) -> Verdict:
    return Verdict(delivered=True, error_class=None, reason="; ".join([f"status {response.status}", *also]))


def _misfit(spec: WebhookSpec, text: str) -> str | None:
    """Tell which of the channel's patterns says that a body is none of a success."""
    if not (spec.response_match or spec.response_no_match):
        return None
    from notifications.core.schemas import patterns  # noqa: PLC0415 - few channels have a pattern

    if spec.response_match and not patterns.matches(spec.response_match, text):
        return f"does not match {spec.response_match!r}"
    if spec.response_no_match and patterns.matches(spec.response_no_match, text):
        return f"matches {spec.response_no_match!r}"
    return None


def _is_success(status: int, spec: WebhookSpec) -> bool:
    """Tell whether a status counts as success: each 2xx, unless the channel names others than by default.

    Backend.AI's clients send their default list with each channel, so that list means the default.
    """
    if spec.success_status_codes == DEFAULT_SUCCESS_STATUS_CODES:
        return status in SUCCESSES
    return status in spec.success_status_codes
