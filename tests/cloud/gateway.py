"""Signs requests as Backend.AI's clients do and hands them to a function as API Gateway would."""

import hmac
import importlib
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.cloud.permissions import acting_as
from tests.cloud.services import services
from tests.template import routes

ACCESS_KEY, SECRET_KEY = "AKIASUPER", "super secret"
USER_ACCESS_KEY, USER_SECRET_KEY = "AKIAUSER", "user secret"
KEYS_OF_ROLES = {
    role: (f"AKIA{role.upper()}", f"{role} secret") for role in ("viewer", "operator", "editor", "admin")
}
INACTIVE_ACCESS_KEY, INACTIVE_SECRET_KEY = "AKIAINACTIVE", "inactive secret"
SUPERADMIN_ID = "f38dea23-50fa-42a0-b5ae-338f5f4693f4"
HOST = "abc123.execute-api.us-east-1.amazonaws.com"
STAGE = "v1"
EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
ROUTES = [route for route in routes() if route.method != "OPTIONS"]  # those are browsers alone


@dataclass(frozen=True)
class Context:
    """What functions read of Lambda's context."""

    aws_request_id: str = "r-1"
    function_name: str = "function"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:us-east-1:123456789012:function:function"

    def get_remaining_time_in_millis(self) -> int:
        """Have time."""
        return 60_000


@dataclass(frozen=True)
class Answer:
    """A function's answer."""

    status: int
    content_type: str
    text: str

    @property
    def json(self) -> Any:
        """The body as JSON, strictly: no NaN."""
        return json.loads(self.text, parse_constant=lambda name: f"not JSON: {name}")

    @property
    def slug(self) -> str:
        """What kind of problem it is."""
        assert self.content_type == "application/problem+json; charset=utf-8", self
        assert self.json["title"]
        return str(self.json["type"].removeprefix("https://api.backend.ai/probs/"))

    @property
    def kind(self) -> tuple[int, str, str]:
        """The row of the contract's table: status, slug, error code."""
        return self.status, self.slug, self.json["error_code"]


def sign(
    method: str, path: str, headers: dict[str, str], access_key: str = ACCESS_KEY, secret: str = SECRET_KEY
) -> dict[str, str]:
    """Return the headers of a signed request; ``path`` with query, as it is signed."""
    date = datetime.now(UTC).isoformat()
    media_type = headers["Content-Type"].split(";")[0].strip().lower()
    text = (
        f"{method}\n{path}\n{date}\nhost:{headers['Host']}\ncontent-type:{media_type}\n"
        f"x-backendai-version:v9.20250722\n{EMPTY_SHA256}"
    )
    key = hmac.digest(secret.encode(), date[:10].replace("-", "").encode(), "sha256")
    signature = hmac.digest(hmac.digest(key, headers["Host"].encode(), "sha256"), text.encode(), "sha256")
    return {
        **headers,
        "Date": date,
        "X-BackendAI-Version": "v9.20250722",
        "Authorization": f"BackendAI signMethod=HMAC-SHA256, credential={access_key}:{signature.hex()}",
    }


def find_route(method: str, path: str) -> tuple[str, str]:
    """Choose route and handler like API Gateway: a literal part beats a parameter, that the catch-all."""

    def fits(template: str) -> bool:
        pattern = re.sub(r"\\{[a-z_]+\\}", "[^/]+", re.escape(template).replace(r"\{proxy\+\}", ".+"))
        return re.fullmatch(pattern, path) is not None

    found = [route for route in ROUTES if route.method == method and fits(route.path)]
    best = min(found, key=lambda route: ("proxy" in route.path, route.path.count("{")))
    return best.path, best.handler


def proxy_event(
    method: str, target: str, headers: dict[str, str], body: str | None, base_path: str = ""
) -> dict[str, Any]:
    """Build the event that API Gateway makes of a request to a stage or to a custom domain's base path."""
    parts = urlsplit(target)
    resource, _ = find_route(method, parts.path)
    query = parse_qs(parts.query, keep_blank_values=True)
    return {
        "resource": resource,
        "path": base_path + parts.path,
        "httpMethod": method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
        "multiValueQueryStringParameters": query or None,
        "pathParameters": None,
        "stageVariables": None,
        "requestContext": {
            "apiId": "abc123",
            "stage": STAGE,
            "path": (base_path or f"/{STAGE}") + parts.path,
            "resourcePath": resource,
            "httpMethod": method,
            "requestId": "r-1",
            "identity": {"sourceIp": "127.0.0.1"},
        },
        "body": body,
        "isBase64Encoded": False,
    }


def invoke(event: dict[str, Any]) -> Answer:
    """Give an event to the function whose route it names."""
    path = event["resource"]
    route = next(route for route in ROUTES if (route.method, route.path) == (event["httpMethod"], path))
    module, name = route.handler.rsplit(".", 1)
    handler = getattr(importlib.import_module(module), name)
    handler.services = services()
    with acting_as(route.function):
        answer = handler(event, Context())
    headers = {**answer.get("headers", {})}
    headers |= {key: values[0] for key, values in answer.get("multiValueHeaders", {}).items()}
    return Answer(answer["statusCode"], headers["Content-Type"], answer["body"])


def call(
    method: str,
    target: str,
    body: object = None,
    *,
    content_type: str | None = None,
    key: tuple[str, str] = (ACCESS_KEY, SECRET_KEY),
) -> Answer:
    """Make a signed request as the v1 client does. A body of type str is sent as it is."""
    text = body if isinstance(body, str) or body is None else json.dumps(body)
    media_type = content_type or ("text/plain" if body is None else "application/json")
    headers = {"Host": HOST, "Content-Type": media_type}
    signed = sign(method, f"/{STAGE}{target}", headers, *key)
    return invoke(proxy_event(method, target, signed, text))
