"""Judge the responses of presets' services, in words for operators."""

import json
import re
from typing import Any

from notifications.core.delivery import Judgement, Response
from notifications.core.texts import cut, whole

TOO_MANY = 429
SUCCESSES = range(200, 300)
MAX_QUOTED_CHARS = 200
"""How much of a response a reason quotes."""

PAGE_HINT = (
    "this is a web page, so the message did not arrive: the URL is not a webhook's, or a proxy or a login "
    "stands before it"
)
_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:\s+|<!--.*?-->|<\?xml\b[^>]*>)*+<(?:!doctype html|html|head|title|meta|link"
    rb"|script|style|body|iframe|center|h1|div|font|table|p|a|b|br)\b",
    re.IGNORECASE | re.DOTALL,
)
"""What browsers take for a page by its beginning (the MIME Sniffing Standard), and a little more."""


def is_page(response: Response) -> bool:
    """Return whether a response is a web page, with which no service answers for itself."""
    return _PAGE.match(response.body) is not None


def text_of(response: Response) -> str:
    """Return the text of a response's body."""
    return response.body.decode(errors="replace").strip()


def json_of(response: Response) -> dict[str, Any]:
    """Return the JSON object in a response's body; an empty one if it is something else."""
    try:
        found = json.loads(response.body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def number(document: dict[str, Any], name: str) -> int:
    """Return a whole number within an object, like the code of an error; -1 if there is none."""
    found = document.get(name)
    return found if isinstance(found, int) else -1


def part(document: dict[str, Any], name: str) -> dict[str, Any]:
    """Return an object within an object; an empty one if there is none."""
    found = document.get(name)
    return found if isinstance(found, dict) else {}


def delivered(response: Response, what: str = "") -> Judgement:
    """Judge that the message was delivered. ``what``: what else there is to say about it."""
    status = f"status {response.status}"
    return Judgement(delivered=True, error_class=None, reason=f"{status}: {what}" if what else status)


def refused(response: Response, label: str, said: str, hint: str) -> Judgement:
    """Judge that the service refused the message for good. ``hint``: what to do."""
    return _failed(response, label, said, hint, permanent=True)


def retried(
    response: Response, label: str, said: str, hint: str, retry_after: float | None = None
) -> Judgement:
    """Judge that another try may succeed. ``retry_after``: seconds, if the response itself names none."""
    return _failed(response, label, said, hint, permanent=False, retry_after=retry_after)


def limited(response: Response, label: str, hint: str, retry_after: float | None = None) -> Judgement:
    """Judge that the service takes no more messages for now."""
    asked = response.retry_after if response.retry_after is not None else retry_after
    wait = f" for {asked:g} s" if asked is not None else ""
    reason = f"status {response.status}: {label} takes no more messages{wait}: {hint}"
    return Judgement(delivered=False, error_class="status", reason=reason, permanent=False, retry_after=asked)


def _failed(
    response: Response,
    label: str,
    said: str,
    hint: str,
    *,
    permanent: bool,
    retry_after: float | None = None,
) -> Judgement:
    # A hint may quote the service, too, and JSON may name halves of characters, which nothing can store.
    reason = whole(f"status {response.status}: {label} said {cut(said, MAX_QUOTED_CHARS)!r}: {hint}")
    return Judgement(
        delivered=False,
        error_class="response" if response.status in SUCCESSES else "status",
        reason=reason,
        permanent=permanent,
        retry_after=retry_after,
    )
