"""The kinds of channels. A new one is a module beside these and a line in ``KINDS``."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from notifications.core.delivery import Content, Failure, Judgement, Outcome, Request
from notifications.core.kinds.email import Email
from notifications.core.kinds.kind import ChannelKind
from notifications.core.kinds.webhook import Webhook
from notifications.core.model import ChannelType, Spec
from notifications.core.values import replace

KINDS: Mapping[ChannelType, ChannelKind[Any, Any]] = {"webhook": Webhook(), "email": Email()}


def kind_of(carried: Spec | Request) -> ChannelKind[Any, Any]:
    """Return the kind of a channel's spec, or of a request to the channel."""
    return KINDS[carried.channel_type]


def build_request(
    spec: Spec,
    content: Content,
    message_id: str,
    now: datetime,
    signing: Sequence[str] = (),
    settled: Collection[str] = (),
) -> Request:
    """Build the request that carries a message to a channel.

    ``message_id``: the same for each attempt at one message. ``signing``: the secrets that sign a webhook;
    during a rotation, the new one and the old ones. ``settled``: recipients of an email who must not get it
    again.

    Raises:
        InvalidRequest: an email address is malformed.
        NoRecipient: the event gives an email no recipient to whom it may be sent.
    """
    request: Request = kind_of(spec).build_request(spec, content, message_id, now, signing, settled)
    return request


def judge(spec: Spec, outcome: Outcome) -> Judgement:
    """Return whether the message was delivered."""
    if isinstance(outcome, Failure):
        return Judgement(delivered=False, error_class=outcome.error_class, reason=outcome.message)
    return kind_of(spec).judge(spec, outcome)


def judged(spec: Spec, request: Request, outcome: Outcome) -> tuple[Outcome, Judgement]:
    """Return an outcome as it may be logged and recorded, and whether the message was delivered.

    What really came decides. The reason quotes only what may be recorded.
    """
    shown = kind_of(request).shown(request, outcome)
    told = judge(spec, shown)
    if shown is outcome:
        return outcome, told
    # A receiver may say "accepted" to a URL that ends in /accepted: with the credential masked, the response
    # would mean something else. Masking the reason instead would be too late, because it may quote the half
    # of a credential, which nobody recognises.
    meant = judge(spec, outcome)
    if replace(meant, reason=told.reason) == told:
        return shown, told
    reason = f"status {shown.status}"
    if not meant.delivered:
        reason += (
            ": the response is not quoted, because without the credentials in it it means something else"
        )
    return shown, replace(meant, reason=reason)
