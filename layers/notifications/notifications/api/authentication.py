"""Authentication of callers by Backend.AI's signature, from a Lambda proxy event."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, quote_plus

from notifications.core.errors import AuthenticationFailed
from notifications.core.keypairs import Keypair, SignedRequest, verify
from notifications.store.keypairs import KeypairStore

_UNQUOTED = "/:@!$&'()*+,;=~-._"
"""The characters that clients do not escape in a path."""

_SAFE_IN_QUERY = ("", "?/:@!$'()*,", "!'()*", "*", "?/:@!$'()*,;")
"""The characters that are not escaped in a query: by RFC 3986, by yarl (which leaves the colons of a time),
by JavaScript, and by HTML forms. The last text is yarl's with a semicolon."""

MAX_VARIED_QUERY_CHARS = 2_048
"""The longest query that is tried in all forms; those of the API have at most about 500 characters."""

_ESCAPE = re.compile("%[0-9A-F]{2}")


def authenticate(event: Mapping[str, Any], keypairs: KeypairStore) -> Keypair:
    """Return the keypair that signed the request.

    After a failure the keypairs are read again, and the request is verified once more, so that a new or
    rotated keypair works at once.

    Raises:
        AuthenticationFailed, InvalidAuthParameters: see ``notifications.core.keypairs.verify``.
    """
    request = signed_request(event)
    now = datetime.now(UTC)
    try:
        return verify(request, keypairs.all(), now)
    except AuthenticationFailed:
        if "authorization" not in request.headers or not keypairs.refresh():
            raise
        return verify(request, keypairs.all(), now)


def signed_request(event: Mapping[str, Any]) -> SignedRequest:
    """Collect the parts of the request that the client may have signed."""
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    query_strings = _query_strings(event.get("multiValueQueryStringParameters") or {})
    paths = [path + query for path in _paths(event) for query in query_strings]
    return SignedRequest(event["httpMethod"], tuple(dict.fromkeys(paths)), headers)


def _paths(event: Mapping[str, Any]) -> Iterator[str]:
    """Yield the forms in which the path may have been signed: bare, or with the stage or a base path."""
    path = event["path"]
    context = event["requestContext"]
    stage = context.get("stage", "")
    yield context.get("path") or path
    for prefix in ("", f"/{stage}", f"/restapis/{context.get('apiId', '')}/{stage}/_user_request_"):
        yield prefix + route_path(event)
        yield prefix + path
        yield prefix + quote(path, safe=_UNQUOTED)  # API Gateway passes it decoded, but it was signed as sent


def route_path(event: Mapping[str, Any]) -> str:
    """Return the path without the base path of a custom domain: as many segments as the route has."""
    path: str = event["path"]
    resource: str = event.get("resource") or path
    if is_catch_all(event):  # the route's segments cannot be counted
        return path
    segments = path.rstrip("/").split("/")
    wanted = len(resource.rstrip("/").split("/")) - 1
    return "/" + "/".join(segments[len(segments) - wanted :]) if wanted else "/"


def is_catch_all(event: Mapping[str, Any]) -> bool:
    """Return whether API Gateway found no route of this service for the request."""
    return "+}" in (event.get("resource") or "")


def _query_strings(parameters: Mapping[str, list[str]]) -> list[str]:
    """Write the query in each form that clients may have signed.

    API Gateway passes the parsed parameters, not the text that was signed. The forms differ in the order, in
    what is escaped and in which case, in how a space and an empty value are written, and in a trailing ``&``.
    Most queries have one form or two.
    """
    if not parameters:
        return [""]
    pairs = [(name, value) for name, values in parameters.items() for value in values]
    # The request is not authenticated yet, so a long query must not cost much: it is tried only in its usual
    # form.
    is_long = sum(len(name) + len(value) for name, value in pairs) > MAX_VARIED_QUERY_CHARS
    written = (
        "&".join(
            quote_via(name, safe=safe) + (f"={quote_via(value, safe=safe)}" if value or not bare else "")
            for name, value in ordered
        )
        for ordered in (pairs, sorted(pairs))
        for safe in _SAFE_IN_QUERY
        for quote_via in ((quote,) if is_long else (quote, quote_plus))
        for bare in ((False,) if is_long else (False, True))
    )
    if is_long:
        return [f"?{form}" for form in dict.fromkeys(written)]
    forms = [form for text in dict.fromkeys(written) for form in (text, text.replace("~", "%7E"))]
    forms += [_ESCAPE.sub(lambda escape: escape[0].lower(), form) for form in forms]
    distinct = dict.fromkeys(forms)
    return [f"?{form}{end}" for end in ("", "&") for form in distinct]
