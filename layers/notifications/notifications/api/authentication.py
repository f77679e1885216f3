"""Who is calling: Backend.AI's signature on a Lambda proxy event."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, quote_plus, urlencode

from notifications.core.errors import AuthenticationFailed, Forbidden
from notifications.core.keypairs import Keypair, SignedRequest, verify
from notifications.store.keypairs import KeypairStore

_UNQUOTED = "/:@!$&'()*+,;=~-._"
"""What clients leave as it is in a path."""

_UNQUOTED_IN_QUERY = "?/:@!$'()*,"
"""What some leave as it is in a query, above all the colons of a time. Source: yarl, for one."""


def authenticate(event: Mapping[str, Any], keypairs: KeypairStore) -> Keypair:
    """Return the superadmin who signed the request.

    A failure is checked once more with keypairs read anew, so that a new or rotated one works at once.

    Raises:
        AuthenticationFailed, InvalidAuthParameters: see ``notifications.core.keypairs.verify``.
        Forbidden: signed by somebody who is not a superadmin.
    """
    request = signed_request(event)
    now = datetime.now(UTC)
    try:
        caller = verify(request, keypairs.all(), now)
    except AuthenticationFailed:
        if "authorization" not in request.headers or not keypairs.refresh():
            raise
        caller = verify(request, keypairs.all(), now)
    if caller.role != "superadmin":
        raise Forbidden("Only superadmins may manage notifications")
    return caller


def signed_request(event: Mapping[str, Any]) -> SignedRequest:
    """Collect what the client may have signed."""
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    query_strings = _query_strings(event.get("multiValueQueryStringParameters") or {})
    paths = [path + query for path in _paths(event) for query in query_strings]
    return SignedRequest(event["httpMethod"], tuple(dict.fromkeys(paths)), headers)


def _paths(event: Mapping[str, Any]) -> Iterator[str]:
    """Give the path as it may have been signed: bare, with stage or base path, as the local stack has it."""
    path = event["path"]
    context = event["requestContext"]
    stage = context.get("stage", "")
    yield context.get("path") or path
    for prefix in ("", f"/{stage}", f"/restapis/{context.get('apiId', '')}/{stage}/_user_request_"):
        yield prefix + route_path(event)
        yield prefix + path
        yield prefix + quote(path, safe=_UNQUOTED)  # it comes decoded, and is signed as it was sent


def route_path(event: Mapping[str, Any]) -> str:
    """Return the path without the base path of a custom domain: as many segments as the route has."""
    path: str = event["path"]
    resource: str = event.get("resource") or path
    if is_catch_all(event):  # nobody knows how many segments are the route's
        return path
    segments = path.rstrip("/").split("/")
    wanted = len(resource.rstrip("/").split("/")) - 1
    return "/" + "/".join(segments[len(segments) - wanted :]) if wanted else "/"


def is_catch_all(event: Mapping[str, Any]) -> bool:
    """Tell whether API Gateway found no route of ours for the request."""
    return "+}" in (event.get("resource") or "")


def _query_strings(parameters: Mapping[str, list[str]]) -> list[str]:
    """Write the query as clients write it: API Gateway hands it on in parts, not as it was sent."""
    if not parameters:
        return [""]
    pairs = [(name, value) for name, values in parameters.items() for value in values]
    return [
        "?" + urlencode(ordered, safe=safe, quote_via=quote_via)
        for ordered in (pairs, sorted(pairs))
        for safe in ("", _UNQUOTED_IN_QUERY)
        for quote_via in (quote, quote_plus)
    ]
