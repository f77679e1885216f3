"""The app of every API function: it authenticates, validates, then calls the route."""

import base64
import json
import logging
import os
from collections.abc import Mapping
from typing import Any

from notifications.api.authentication import authenticate, is_catch_all, route_path
from notifications.api.cors import Cors
from notifications.api.openapi import methods_at, needs_body, query_names
from notifications.api.powertools import (
    APIGatewayRestResolver,
    LambdaContext,
    RequestValidationError,
    Response,
    Router,
)
from notifications.api.problems import (
    MalformedBody,
    MethodNotAllowed,
    UrlNotFound,
    internal_error,
    invalid_parameters,
    problem,
)
from notifications.api.roles import permit
from notifications.core import json_text
from notifications.core.errors import DeliveryFailed, InvalidRequest, NotificationError
from notifications.core.nearest import hint, quoted
from notifications.core.texts import whole
from notifications.wiring import Services

MAX_BODY_BYTES = 1024 * 1024
"""The largest request body: four times the largest template."""

MAX_RESPONSE_BYTES = 6_000_000
"""The largest response, a little below Lambda's own limit."""

LESS = "ask for less with a smaller limit"
"""What to do about a response that is too large, unless the path has advice of its own."""

_LESS = {
    "/notifications/configuration/export": "export one set at a time",
    "/notifications/configuration/plan": "divide the set into several, or change less of it at a time",
}
"""The advice of paths that have their own."""

PUBLIC = ("GET", "/")
"""The only route without a signature, because clients request the version before they sign anything."""

FIELDS_OF_AN_EVENT = (
    "/notifications/events",
    "/notifications/simulations",
    "/notifications/previews",
    "/validate",
)
"""The ends of paths whose bodies have an event's fields, and so accept all that the bus accepts."""

OWN_PATHS = (
    "/notifications/events",
    "/notifications/event-types",
    "/notifications/deliveries",
    "/notifications/audit",
    "/notifications/configuration",
    "/notifications/simulations",
    "/notifications/backtests",
    "/notifications/previews",
    "/notifications/openapi.json",
    "/notifications/status",
    "/notifications/whoami",
)
OWN_ENDS = ("/resume", "/rotate-secret", "/replay", "/revisions", "/{number}", "/revert")
"""The beginnings of paths, and the ends of resources, that Backend.AI does not have."""

NOTHING_HERE = "There is nothing at this path"

logger = logging.getLogger(__name__)


class Api:
    """The handler of an API function. ``services``: the stores and clients that its routes get."""

    def __init__(self, services: Services, *routers: Router) -> None:
        self.services = services
        self._cors = Cors.read(os.environ.get("ALLOWED_ORIGINS", ""))
        self._resolver = create_resolver(*routers)

    def __call__(self, event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
        """Handle a Lambda proxy event and return the HTTP response."""
        if event["httpMethod"] == "OPTIONS":
            return self._cors.preflight(event, route_path(event))
        request = {"method": event["httpMethod"], "path": event["path"]}
        try:
            response = self._respond(event, context, request)
        except NotificationError as error:
            response = problem(error)
            if response["statusCode"] >= 500:  # noqa: PLR2004 - the first of the 5xx
                logger.exception("request failed", extra=request)
        except Exception:
            # Whatever failed, the client must get a problem document, and the log the trace.
            logger.exception("unforeseen failure", extra=request)
            response = internal_error()
        logger.info("responded", extra={**request, "status": response["statusCode"]})
        return _with_headers(response, self._cors.headers(event))

    def _respond(
        self, event: dict[str, Any], context: LambdaContext, request: dict[str, str]
    ) -> dict[str, Any]:
        route = {**event, "path": route_path(event)}
        if (route["httpMethod"], route["path"]) != PUBLIC:
            caller = authenticate(event, self.services.keypairs)
            self._resolver.append_context(caller=caller)
            request["caller"] = caller.access_key
            permit(caller, route["httpMethod"], event.get("resource") or route["path"])
        self._resolver.append_context(services=self.services)
        if is_catch_all(event):
            raise _unroutable(route["path"])
        _check_query(event, route["path"])
        if route["httpMethod"] in {"POST", "PATCH"}:
            if event.get("body") or needs_body(route["httpMethod"], event.get("resource") or ""):
                body = read_body(event, fields_of_an_event=route["path"].endswith(FIELDS_OF_AN_EVENT))
            else:
                body = "{}"
            route |= {"body": body, "isBase64Encoded": False}
            # Powertools compares the content type literally, so variants of it would be refused.
            route["headers"] = {**(event.get("headers") or {}), "content-type": "application/json"}
        response = self._resolver.resolve(route, context)
        if len(response["body"]) > MAX_RESPONSE_BYTES // 6:  # a character has at most 6 bytes in JSON
            size = len(json.dumps(response))
            if size > MAX_RESPONSE_BYTES:
                fault = f"The response would have {size:,} bytes, {MAX_RESPONSE_BYTES:,} are allowed"
                raise InvalidRequest(f"{fault}: {_LESS.get(route['path'], LESS)}")
        return response


def create_resolver(*routers: Router) -> APIGatewayRestResolver:
    """Make a resolver with the routers' routes, which responds to errors as the wire contract requires."""
    resolver = APIGatewayRestResolver(enable_validation=True)
    for router in routers:
        resolver.include_router(router)

    @resolver.exception_handler(NotificationError)
    def _refused(error: NotificationError) -> Response[str]:
        response = problem(error)
        if response["statusCode"] >= 500:  # noqa: PLR2004 - the first of the 5xx
            # The response explains a receiver's failure; a trace would only show the service's own code.
            trace = None if isinstance(error, DeliveryFailed) else error
            logger.warning("request failed", exc_info=trace)
        return _as_response(response)

    @resolver.not_found
    def _nowhere(_: Exception) -> Response[str]:
        # The gateway knows the route, but an id in the path has a character that no id can have.
        return _as_response(problem(UrlNotFound(NOTHING_HERE)))

    @resolver.exception_handler(RequestValidationError)
    def _invalid(error: RequestValidationError) -> Response[str]:
        return _as_response(invalid_parameters(error.errors()))

    return resolver


def _with_headers(response: dict[str, Any], headers: Mapping[str, str]) -> dict[str, Any]:
    # Powertools returns lists of values, problem documents single ones.
    if "multiValueHeaders" in response:
        lists = {name: [value] for name, value in headers.items()}
        return {**response, "multiValueHeaders": {**response["multiValueHeaders"], **lists}}
    return {**response, "headers": {**response["headers"], **headers}}


def _check_query(event: Mapping[str, Any], path: str) -> None:
    """Refuse unknown query parameters on the service's own routes. Backend.AI's routes ignore them.

    Raises:
        InvalidRequest: a parameter is unknown; the error suggests the nearest name.
    """
    given = event.get("multiValueQueryStringParameters")
    resource = event.get("resource") or path
    if not given or not (path.startswith(OWN_PATHS) or resource.endswith(OWN_ENDS)):
        return
    known = query_names(event["httpMethod"], resource)
    for name in given:
        if name not in known:
            taken = hint(name, known) or f"; it takes {', '.join(sorted(known)) or 'none'}"
            raise InvalidRequest(f"query: {quoted(name)} is not a parameter of this path{taken}")


def _unroutable(path: str) -> NotificationError:
    allowed = methods_at(path)
    if allowed:
        return MethodNotAllowed(f"This path takes {' and '.join(allowed)} only")
    return UrlNotFound(NOTHING_HERE)


def read_body(event: Mapping[str, Any], *, fields_of_an_event: bool) -> str:
    """Return a body that the routes can read; a lone surrogate in an event's fields becomes U+FFFD.

    Raises:
        MalformedBody: it is too large, not declared as JSON, not JSON, nested too deeply, or has a number
            beyond a double or a lone surrogate elsewhere.
    """
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    media_type = headers.get("content-type", "application/json").split(";")[0].strip().lower()
    if media_type != "application/json":
        raise MalformedBody(f"The body must be application/json, not {media_type}")
    body: str = event.get("body") or ""
    if len(body.encode(errors="surrogatepass")) > MAX_BODY_BYTES:
        raise MalformedBody(f"The body is larger than {MAX_BODY_BYTES} bytes")
    try:
        text = base64.b64decode(body).decode() if event.get("isBase64Encoded") else body
        written = json.dumps(json_text.read(text), ensure_ascii=False)
        readable = whole(written)
        if readable is not written and not fields_of_an_event:
            raise MalformedBody("The body has a lone surrogate, which is not a character")
    except json_text.UnusableNumber as error:
        raise MalformedBody(f"The body cannot be read: {error}") from None
    except ValueError as error:
        raise MalformedBody(f"The body is not JSON: {error}") from None
    except RecursionError:
        raise MalformedBody("The body is nested too deeply") from None
    return text if readable is written else readable


def _as_response(response: Mapping[str, Any]) -> Response[str]:
    return Response(
        status_code=response["statusCode"],
        content_type=response["headers"]["Content-Type"],
        body=response["body"],
    )
