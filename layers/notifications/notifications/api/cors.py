"""Which web pages may call the API from a browser.

A browser asks with OPTIONS before it sends a request that is signed. API Gateway has no list of origins to
choose from, so the service answers itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from notifications.api.openapi import methods_at

ANY = "*"
MAX_AGE_SECONDS = 600
"""How long a browser may keep what it was told."""

REQUEST_HEADERS = "Authorization, Content-Type, Date, Idempotency-Key, X-BackendAI-Date, X-BackendAI-Version"
"""What a request to the API may carry; browsers let no page set ``Date``, hence the other one."""


@dataclass(frozen=True, slots=True)
class Cors:
    """The origins whose pages may call; with none of them nothing is told to browsers."""

    origins: frozenset[str]

    @classmethod
    def read(cls, text: str) -> Self:
        """Read origins separated by commas."""
        return cls(frozenset(part.strip() for part in text.split(",") if part.strip()))

    def headers(self, event: Mapping[str, Any]) -> dict[str, str]:
        """Return what a response to this request tells the browser."""
        if not self.origins:
            return {}
        sent = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
        origin = sent.get("origin")
        if origin is None or not self.origins & {origin, ANY}:
            return {"Vary": "Origin"}
        return {"Access-Control-Allow-Origin": origin, "Vary": "Origin"}

    def preflight(self, event: Mapping[str, Any], path: str) -> dict[str, Any]:
        """Answer the question that a browser asks before a request."""
        headers = self.headers(event)
        if "Access-Control-Allow-Origin" in headers:
            headers |= {
                "Access-Control-Allow-Methods": ", ".join(methods_at(path)),
                "Access-Control-Allow-Headers": REQUEST_HEADERS,
                "Access-Control-Max-Age": str(MAX_AGE_SECONDS),
            }
        return {"statusCode": 204, "headers": headers, "body": ""}
