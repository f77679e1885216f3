"""CORS: which web pages may call the API from a browser.

Before a signed request a browser sends OPTIONS. API Gateway can allow one fixed origin or all, but not a
list, so the service responds itself.
"""

from collections.abc import Mapping
from typing import Any, Self

from notifications.api.openapi import methods_at
from notifications.core.values import value

ANY = "*"
MAX_AGE_SECONDS = 600
"""How long a browser may keep the response to OPTIONS."""

REQUEST_HEADERS = "Authorization, Content-Type, Date, Idempotency-Key, X-BackendAI-Date, X-BackendAI-Version"
"""The headers that a request may have. Browsers do not let pages set ``Date``, hence the alternative."""


@value
class Cors:
    """The origins whose pages may call the API; without any, responses have no CORS headers."""

    origins: frozenset[str]

    @classmethod
    def read(cls, text: str) -> Self:
        """Parse origins separated by commas."""
        return cls(frozenset(part.strip() for part in text.split(",") if part.strip()))

    def headers(self, event: Mapping[str, Any]) -> dict[str, str]:
        """Return the CORS headers of the response to a request."""
        if not self.origins:
            return {}
        sent = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
        origin = sent.get("origin")
        if origin is None or not self.origins & {origin, ANY}:
            return {"Vary": "Origin"}
        return {"Access-Control-Allow-Origin": origin, "Vary": "Origin"}

    def preflight(self, event: Mapping[str, Any], path: str) -> dict[str, Any]:
        """Return the response to a browser's OPTIONS request."""
        headers = self.headers(event)
        if "Access-Control-Allow-Origin" in headers:
            headers |= {
                "Access-Control-Allow-Methods": ", ".join(methods_at(path)),
                "Access-Control-Allow-Headers": REQUEST_HEADERS,
                "Access-Control-Max-Age": str(MAX_AGE_SECONDS),
            }
        return {"statusCode": 204, "headers": headers, "body": ""}
