"""Turn refusing responses into messages for people."""

import json
import re
from collections.abc import Iterator
from typing import Any

from backendai_notification_cli.errors import Refused
from backendai_notification_cli.http.settings import Settings
from backendai_notification_cli.http.transport import Response

UNAUTHORIZED, FORBIDDEN = 401, 403
_FOR_SIGNERS = re.compile(r"(?<=\.) It was compared with that of .*", re.DOTALL)
"""What the service tells those who sign requests themselves, with the texts that it has signed."""


def parse_object(response: Response) -> dict[str, Any] | None:
    """Parse a JSON object; None if the body is anything else."""
    try:
        value = json.loads(response.body)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def explain(response: Response, settings: Settings) -> Refused:
    """Explain why a request failed: by the problem's message and details, or by what came back instead."""
    problem = parse_object(response)
    if problem is None:
        return Refused(response.status, *not_the_api(response, settings))
    message = problem.get("msg") or problem.get("title")
    if not message:
        # API Gateway's own refusals have only a message.
        gateway = problem.get("message") or problem.get("Message") or "no reason given"
        told = f"{settings.endpoint} answered HTTP {response.status}: {gateway}"
        return Refused(response.status, told, _endpoint_source(settings))
    # Its patterns take 3 ms, and most requests are not refused.
    from backendai_notification_cli.http import wording

    told, *others = wording.spoken(_FOR_SIGNERS.sub("", str(message)))
    details = [
        *others,
        *(said for each in _details(problem.get("data"), str(message)) for said in wording.detail(each)),
    ]
    if _is_about_the_keypair(response.status, problem):
        secret = f", its secret key from {settings.secret_source}" if settings.secret_source else ""
        details.append(f"The keypair {settings.access_key} comes from {settings.source}{secret}.")
    return Refused(response.status, told, *details, served=str(message), problem=problem)


def not_the_api(response: Response, settings: Settings) -> tuple[str, str]:
    """Say what came back instead of JSON, and whose endpoint that is."""
    kind = response.content_type.partition(";")[0].strip() or "no content type"
    told = f"answered HTTP {response.status} with {kind} instead of JSON: is it the API's URL?"
    return f"{settings.endpoint} {told}", _endpoint_source(settings)


def _endpoint_source(settings: Settings) -> str:
    return f"The endpoint comes from {settings.source}."


def _is_about_the_keypair(status: int, problem: dict[str, Any]) -> bool:
    # Any of them may mean that the keypair is of another stack, or of somebody else, than was thought.
    kind = str(problem.get("type", ""))
    return status in {UNAUTHORIZED, FORBIDDEN} or kind.endswith("/invalid-auth-params")


def _details(data: object, message: str) -> Iterator[str]:
    if not isinstance(data, dict):
        return
    for error in _objects(data.get("errors")):
        place = _location(error.get("loc"))
        text = f"{place}: {error.get('msg', '')}" if place else str(error.get("msg", ""))
        # The service's message lists the faults, separated by semicolons, after what they are about, as in
        # "condition: status: ...". A fault that is only part of another one is not listed yet, so the whole
        # parts are compared.
        if not any(f" {told};" in f" {message};" for told in (text, _last(error.get("loc"), text))):
            yield text
    rules = list(_objects(data.get("rules")))
    for rule in rules:
        fault = f": {rule['msg']}" if "msg" in rule else ""
        yield f"rule {rule.get('id', '')}: {rule.get('name', '')}{fault}"
    if rules and not any("msg" in rule for rule in rules):  # they prevent a deletion
        yield "Delete these rules first, or pass --force to delete them with the channel."


def _location(loc: object) -> str:
    if isinstance(loc, list):
        return ".".join(str(part) for part in loc if part != "")
    return "" if loc is None else str(loc)


def _last(loc: object, text: str) -> str:
    """Leave out of a fault's place all but its last part."""
    outer = _location(loc[:-1]) if isinstance(loc, list) else ""
    return text.removeprefix(f"{outer}.")


def _objects(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        yield from (item for item in value if isinstance(item, dict))
