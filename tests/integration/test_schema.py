"""The API answers as its OpenAPI document says, whatever it is asked. schemathesis makes the requests."""

from typing import Any, cast
from urllib.parse import unquote, urlsplit

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Response
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from notifications.api import openapi
from notifications.core.model import WebhookSpec
from notifications.core.rule_types import BUILT_IN
from tests.cloud import values
from tests.cloud.gateway import HOST, STAGE, invoke, proxy_event, sign
from tests.cloud.services import services
from tests.integration import recorded
from tests.samples import configuration

SCHEMA = schemathesis.openapi.from_dict(openapi.document())
OPERATIONS = [cast(Any, result).ok() for result in SCHEMA.get_all_operations()]
KINDS = [
    pytest.param(operation, mode, id=f"{mode.value} {operation.label}")
    for operation in OPERATIONS
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    # What takes nothing can be asked in one way only.
    if mode is GenerationMode.POSITIVE or {"parameters", "requestBody"} & operation.definition.raw.keys()
]

EXAMPLES = 12
"""So many requests of each kind for each operation: with them all take less than a minute."""

NOBODY = "http://127.0.0.1:1/"
"""Where nobody listens: a test message is refused at once."""

FAILED = "notification-processing-failure"
"""The one failure that is the fault of the receiver, not of the service."""

CHECKS = [status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture
def present(cloud: None) -> dict[str, str]:
    """Have one of everything: by chance no request names what there is."""
    del cloud
    channel = values.channel(spec=WebhookSpec(NOBODY))
    rule = values.rule(channel)
    services().channels.create(channel)
    services().rules.create(rule, BUILT_IN[rule.rule_type])
    services().event_types.create(values.USED_UP)
    mute = configuration.mute(id="3d1f5c60-8a2e-4c4e-9f0a-2d6a5f7b8c9d")
    services().mutes.create(mute)
    event = recorded.event(id="e-1")
    delivery = recorded.pending(event_id="e-1", rule_id=rule.id, channel_id=channel.id)
    services().records.put_many([event, delivery])
    return {
        "channel_id": channel.id,
        "rule_id": rule.id,
        "rule_type": "session.started",
        "name": values.USED_UP.name,
        "number": "1",
        "event_id": "e-1",
        "delivery_id": delivery.id,
        "mute_id": mute.id,
    }


@pytest.mark.parametrize(("operation", "mode"), KINDS)
def test_answers_are_as_documented(operation: Any, mode: GenerationMode, present: dict[str, str]) -> None:
    """Requests that fit the document, and those that do not, get a response that it describes."""

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), existing=st.booleans())
    def answered(case: Any, existing: bool) -> None:  # noqa: FBT001
        if existing:
            case.path_parameters = {name: present[name] for name in case.path_parameters}
            if isinstance(case.body, dict) and "id" in case.body:
                case.body["id"] = present["rule_id" if "rules" in operation.path else "channel_id"]
        response = send(case)
        case.validate_response(response, checks=CHECKS)
        if response.status_code >= 500:
            assert response.json()["type"].endswith(FAILED), (response.request.body, response.content)

    answered()


def send(case: Any) -> Response:
    """Sign a request as it would go over the wire, and hand it to the function of its route."""
    prepared = requests.Request(**case.as_transport_kwargs(base_url=f"https://{HOST}")).prepare()
    media_type = prepared.headers.get("Content-Type", "application/json")
    target = prepared.path_url
    body = (
        prepared.body.decode(errors="surrogateescape") if isinstance(prepared.body, bytes) else prepared.body
    )
    signed = sign(str(prepared.method), f"/{STAGE}{target}", {"Host": HOST, "Content-Type": media_type})
    event = proxy_event(str(prepared.method), target, signed, body)
    answer = invoke(event | {"path": unquote(urlsplit(target).path)})
    headers = {"content-type": [answer.content_type]}
    return Response(answer.status, headers, answer.text.encode(), prepared, elapsed=0, verify=True)
