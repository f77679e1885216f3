"""Whether a delivery may be sent. The dispatcher, the redeliverer, the sweeper and replays all ask here."""

from typing import Literal

from notifications.core.model import Channel, Rule

Withheld = Literal["rule_disabled", "channel_deleted", "channel_disabled", "rule_deleted"]
"""The states of a rule or its channel that withhold a delivery."""

SkipReason = Withheld | Literal["empty message", "no_recipient_left"]
"""Every reason for which a delivery ends as skipped."""

EMPTY_MESSAGE: SkipReason = "empty message"
"""The template rendered to nothing but white space."""

NO_RECIPIENT_LEFT: SkipReason = "no_recipient_left"
"""Every recipient who had not got the email yet was removed from the channel."""


def rule_withholds(rule: Rule | None) -> Withheld | None:
    """Return why a rule sends nothing; None if it sends. ``rule``: None if it was deleted."""
    if rule is None:
        return "rule_deleted"
    return None if rule.enabled else "rule_disabled"


def depends_on_others(rule: Rule) -> bool:
    """Return whether other events decide what a rule does with an event.

    A rule that observes opens no window.
    """
    return (rule.once_per is not None or rule.digest is not None) and not rule.observe


def open_channel(channel: Channel | None) -> Channel | Withheld:
    """Return the channel if it may be sent to, otherwise the reason; ``channel``: None if it was deleted."""
    if channel is None:
        return "channel_deleted"
    return channel if channel.enabled else "channel_disabled"


def destination(rule: Rule | None, channel: Channel | None, *, by_hand: bool = False) -> Channel | Withheld:
    """Return the channel that a delivery may be sent to, or why it may not.

    A deleted rule comes last among the reasons: deleting a channel by force deletes its rules too, and then
    operators want to read about the channel. ``by_hand``: whether an operator asked for this delivery, so
    that its rule does not matter.
    """
    opened = open_channel(channel)
    reason = None if by_hand else rule_withholds(rule)
    if reason is None or (rule is None and isinstance(opened, str)):
        return opened
    return reason
