"""Requests to receivers, laid out by hand."""

from notifications.core.delivery import WebhookRequest
from notifications.core.targets import TargetPolicy

LOCAL = TargetPolicy.read("127.0.0.0/8, ::1", http=True, ports="any")
"""What the tests, and the local stack, allow to connect to."""


def post(
    url: str,
    message: str = "m",
    *,
    method: str = "POST",
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),),
    timeout: float = 5,
) -> WebhookRequest:
    """Make a request that carries a message. ``timeout``: seconds."""
    return WebhookRequest(method, url, headers, message.encode(), timeout)
