"""What the proxy answers when it is told to make a fault."""

import json
import random
from typing import Any

from tests.proxy.upstream import Upstream
from tests.stack import http
from tests.stack.http import Message


async def refusal(act: str, message: Message, forward: Upstream) -> bytes:
    """Answer a request with a fault."""
    if act in {"condition", "duplicate"}:  # done, but the response tells of another's try
        await forward.exchange(message)
    return _told(act, message)


def _told(act: str, message: Message) -> bytes:  # noqa: PLR0911 - one response for each act
    match act:
        case "throttle":
            code = random.choice(["ThrottlingException", "ProvisionedThroughputExceededException"])  # noqa: S311
            return _error(code, 400)
        case "error":
            return _error("InternalServerError", 500)
        case "condition":
            return _error("ConditionalCheckFailedException", 400)
        case "unprocessed":
            return http.json_response({"UnprocessedItems": json.loads(message.body)["RequestItems"]})
        case "unmade":
            return _refused_statements(message, "ThrottlingError")
        case "duplicate":
            return _refused_statements(message, "DuplicateItem")
        case "unavailable":
            return _error("ServiceUnavailable", 503)
        case "refuse-entries":
            return http.json_response({"Successful": [], "Failed": _refused(json.loads(message.body))})
    raise ValueError(act)


def _error(code: str, status: int) -> bytes:
    return http.json_response({"__type": f"com.amazonaws.fault#{code}", "message": "as told"}, status)


def _refused_statements(message: Message, code: str) -> bytes:
    refusal = {"Error": {"Code": code, "Message": "as told"}}
    return http.json_response({"Responses": [refusal for _ in json.loads(message.body)["Statements"]]})


def _refused(request: Any) -> list[dict[str, Any]]:
    return [
        {"Id": entry["Id"], "SenderFault": False, "Code": "InternalError", "Message": "as told"}
        for entry in request["Entries"]
    ]
