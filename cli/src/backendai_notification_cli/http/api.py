"""The service's API: signed requests in, checked JSON out."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urlsplit

from backendai_notification_cli import __version__
from backendai_notification_cli.errors import CliError
from backendai_notification_cli.http import problems, settings, signing
from backendai_notification_cli.http.transport import TIMEOUT_SECONDS, Transport

if TYPE_CHECKING:
    from backendai_notification_cli.http.debug import Trace

Query = Mapping[str, str | Sequence[str]]
"""What a list is asked for; of a parameter that may come several times, all of its values."""

USER_AGENT = f"backendai-notification-cli/{__version__}"
PAGE_SIZE = 50  # of the largest templates; a response of twice that would be too large for a Lambda
RECORDS_PAGE_SIZE = 200  # a summary of a delivery or an event is small, and the first page should come soon


class Api:
    """Call the service that the settings name."""

    def __init__(
        self, found: settings.Settings, trace: "Trace | None" = None, timeout: float = TIMEOUT_SECONDS
    ) -> None:
        self.settings = found
        self._transport = Transport(found.endpoint, timeout, source=found.source, trace=trace)
        self._host = urlsplit(found.endpoint).netloc

    def call(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        more: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """Send one request to `path` (with its query) and return the JSON object of the response.

        `more`: headers that the signature does not cover.
        """
        url = self.settings.endpoint + path
        content = None if body is None else json.dumps(body).encode()
        headers = signing.signed_headers(
            (self.settings.access_key, self.settings.secret_key),
            signing.Signed(
                method=method,
                path=urlsplit(self.settings.endpoint).path + path,
                date=datetime.now(UTC),
                host=self._host,
                content_type="text/plain" if body is None else "application/json",
            ),
        )
        response = self._transport.send(
            method, url, {**headers, **(more or {}), "User-Agent": USER_AGENT}, content
        )
        if not 200 <= response.status < 300:  # noqa: PLR2004 - the range of HTTP successes
            raise problems.explain(response, self.settings)
        reply = problems.parse_object(response)
        if reply is None:
            raise CliError(*problems.not_the_api(response, self.settings))
        return reply

    def item(self, key: str, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Call, and return the object under `key` of the response."""
        return self.part(self.call(method, path, body), key)

    def part(self, reply: Any, key: str) -> dict[str, Any]:
        """Return the object under `key` of a response."""
        value = self.value(reply, key)
        if not isinstance(value, dict):
            raise CliError(f"{self.settings.endpoint} sent a '{key}' that is not an object")
        return value

    def items(self, key: str, path: str) -> list[dict[str, Any]]:
        """Get the list of objects under `key` of the response."""
        return self.objects(self.call("GET", path), key)

    def text(self, key: str, method: str, path: str, body: Mapping[str, Any] | None = None) -> str:
        """Call, and return the text under `key` of the response."""
        return str(self.value(self.call(method, path, body), key))

    def objects(self, reply: Any, key: str) -> list[dict[str, Any]]:
        """Return the list of objects under `key` of a response."""
        value = self.value(reply, key)
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise CliError(f"{self.settings.endpoint} sent '{key}' that are not a list of objects")
        return value

    def search(
        self, key: str, path: str, conditions: Mapping[str, Any], limit: int | None = None
    ) -> Iterator[dict[str, Any]]:
        """Page through all matches or the first `limit`, the oldest first, so that new ones shift no page."""
        order = [{"field": "created_at", "direction": "asc"}]
        offset, total = 0, 1
        while offset < total and (limit is None or offset < limit):
            # One more than a page, if that is all: so one request tells whether there are more.
            size = PAGE_SIZE if limit is None else min(PAGE_SIZE + 1, limit - offset)
            body = {"filter": dict(conditions), "order": order, "limit": size, "offset": offset}
            reply = self.call("POST", path, body)
            page = self.objects(reply, key)
            if not page:
                return
            yield from page if limit is None else page[: limit - offset]
            offset += len(page)
            total = self._total(reply)

    def records(
        self,
        key: str,
        path: str,
        query: Query,
        limit: int | None = None,
        each_page: Callable[[Mapping[str, Any]], None] = lambda _: None,
    ) -> Iterator[dict[str, Any]]:
        """Follow the cursors through all records that match, or through the first `limit`; newest first.

        `each_page` is called with the reply of each page.
        """
        left, cursor = limit, None
        while left is None or left > 0:
            size = RECORDS_PAGE_SIZE if left is None else min(left, RECORDS_PAGE_SIZE)
            asked = {**query, "limit": str(size), **({} if cursor is None else {"cursor": cursor})}
            # The signature covers the query, but API Gateway does not keep its order, so the service verifies
            # a sorted one.
            reply = self.call("GET", f"{path}?{urlencode(sorted(_pairs(asked)), quote_via=quote)}")
            each_page(reply)
            page = self.objects(reply, key)[:left]
            yield from page
            left = None if left is None else left - len(page)
            cursor = self.following(reply, cursor)
            if cursor is None:
                return

    def following(self, reply: Any, cursor: str | None) -> str | None:
        """Return the cursor of the page after a reply, None if that was the last; ``cursor``: its own."""
        following = self.value(reply, "next")
        if following is None:
            return None
        if not isinstance(following, str) or following == cursor:
            raise CliError(f"{self.settings.endpoint} sent a 'next' that leads nowhere")
        return following

    def _total(self, reply: Any) -> int:
        total = self.value(self.value(reply, "pagination"), "total")
        if not isinstance(total, int):
            raise CliError(f"{self.settings.endpoint} sent a 'total' that is not a number")
        return total

    def value(self, reply: Any, key: str) -> Any:
        """Return the value under `key` of a response."""
        if not isinstance(reply, dict) or key not in reply:
            raise CliError(f"{self.settings.endpoint} left '{key}' out of its response: is it the API's URL?")
        return reply[key]


def _pairs(query: Query) -> Iterator[tuple[str, str]]:
    for name, value in query.items():
        yield from [(name, value)] if isinstance(value, str) else ((name, each) for each in value)
