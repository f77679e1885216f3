"""The types of operational events, by which the service tells operators about itself."""

from typing import Literal, get_args

OperationalType = Literal[
    "notification.channel.suspended",
    "notification.channel.resumed",
    "notification.channel.disabled",
    "notification.delivery.failed",
    "notification.rule.render_failed",
]
OPERATIONAL: frozenset[str] = frozenset(get_args(OperationalType))
