"""Channels through the API, as tests of their routes make and read them."""

from typing import Any

from tests.cloud.gateway import call

CHANNELS, V2_CHANNELS = "/notifications/channels", "/v2/notifications/channels"
URL = "https://example.com/hook?token=t"


def create(name: str = "A channel", url: str = URL, **more: Any) -> dict[str, Any]:
    """Create a webhook channel; ``spec`` adds to its spec. The secret, shown only once, is left out."""
    spec = {"url": url, **more.pop("spec", {})}
    answer = call("POST", CHANNELS, {"name": name, "channel_type": "webhook", "spec": spec, **more})
    assert answer.status == 201, answer
    channel: dict[str, Any] = answer.json["channel"]
    channel.pop("signing_secret")
    return channel


def get(channel_id: str) -> dict[str, Any]:
    """Read a channel."""
    channel: dict[str, Any] = call("GET", f"{CHANNELS}/{channel_id}").json["channel"]
    return channel
