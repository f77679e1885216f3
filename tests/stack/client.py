"""Requests to the deployed API, signed as Backend.AI's clients sign them."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

import requests

from local.stack import Stack
from notifications.core.keypairs import NEWEST_VERSION, signature


def call(
    stack: Stack,
    method: str,
    path: str,
    *,
    body: str | None = None,
    content_type: str = "application/json",
    date: datetime | None = None,
    with_prefix: bool = True,
    settings: dict[str, str] | None = None,
) -> requests.Response:
    """Send a signed request. ``with_prefix``: sign the endpoint's own path too, as the v1 client does."""
    settings = settings or stack.settings()
    target = urlsplit(settings["BACKEND_ENDPOINT"] + path)
    date_text = (date or datetime.now(UTC)).isoformat()
    headers = {"host": target.netloc, "content-type": content_type}
    signed_path = target.path if with_prefix else path
    signed = signature(
        settings["BACKEND_SECRET_KEY"], method, signed_path, date_text, headers, NEWEST_VERSION
    )
    credential = f"{settings['BACKEND_ACCESS_KEY']}:{signed}"
    return requests.request(
        method,
        target.geturl(),
        data=body,
        headers={
            "Content-Type": content_type,
            "Date": date_text,
            "X-BackendAI-Version": NEWEST_VERSION,
            "Authorization": f"BackendAI signMethod=HMAC-SHA256, credential={credential}",
        },
        timeout=60,
    )
