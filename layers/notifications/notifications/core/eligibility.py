"""Whether a delivery may go out: asked by the dispatcher, the redeliverer, the sweeper and replays alike."""

from typing import Literal

from notifications.core.model import Channel, Rule

Withheld = Literal["rule_disabled", "channel_deleted", "channel_disabled", "rule_deleted"]
"""What of a rule and its channel keeps a delivery from going out."""

SkipReason = Withheld | Literal["empty message", "no_recipient_left"]
"""Every reason for which a delivery ends as skipped."""

EMPTY_MESSAGE: SkipReason = "empty message"
"""The template made nothing that could be read."""

NO_RECIPIENT_LEFT: SkipReason = "no_recipient_left"
"""Each recipient for whom the email was still waiting was taken off the channel."""


def rule_withholds(rule: Rule | None) -> Withheld | None:
    """Tell why nothing goes out for a rule, which is None if it is gone; None if deliveries may."""
    if rule is None:
        return "rule_deleted"
    return None if rule.enabled else "rule_disabled"


def open_channel(channel: Channel | None) -> Channel | Withheld:
    """Return a channel that may be sent to, or why nothing is. ``channel`` is None if it is gone."""
    if channel is None:
        return "channel_deleted"
    return channel if channel.enabled else "channel_disabled"


def destination(rule: Rule | None, channel: Channel | None, *, by_hand: bool = False) -> Channel | Withheld:
    """Return the channel that a delivery may go out to, or why it may not.

    A rule that is gone is told last, because deleting a channel by force takes its rules along. ``by_hand``:
    an operator asked for this delivery, so the state of its rule does not matter.
    """
    opened = open_channel(channel)
    reason = None if by_hand else rule_withholds(rule)
    if reason is None or (rule is None and isinstance(opened, str)):
        return opened
    return reason
