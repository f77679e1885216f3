"""Events with halves of characters are shown, wherever they have them."""

import json
from typing import Any

import pytest

from tests.cloud.gateway import call
from tests.cloud.pipeline import DATA, Pipeline, document

HALF = "\ud83d"
DEEP: dict[str, Any] = {"a": [{f"k{HALF}": [HALF, {"b": f"x{HALF}y"}]}]}

DOCUMENTS: dict[str, dict[str, Any]] = {
    "in a value": document("e-1", detail={**DATA, "session_name": f"cut {HALF} here"}),
    "in a key": document("e-1", detail={**DATA, f"more{HALF}": 1}),
    "deep inside": document("e-1", detail={**DATA, "more": DEEP}),
    "in the type": {**document("e-1"), "detail-type": f"session.{HALF}"},
    "in the source": {**document("e-1"), "source": f"else{HALF}"},
    "in the time": {**document("e-1"), "time": f"2026{HALF}"},
    "in the id": {**document("e-1"), "id": f"e{HALF}"},
    "both halves, apart": document("e-1", detail={**DATA, "session_name": f"{HALF}{HALF}\ude80"}),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_it_is_shown(pipeline: Pipeline, name: str) -> None:
    """An event is listed and shown whole, with U+FFFD for what is no character; nothing ends in a 5xx."""
    pipeline.dispatch(json.dumps(DOCUMENTS[name]))
    listed = call("GET", "/notifications/events")
    assert listed.status == 200
    (event,) = listed.json["events"]
    shown = call("GET", f"/notifications/events/{event['id']}")
    assert shown.status == 200
    deliveries = call("GET", f"/notifications/deliveries?event={event['id']}")
    assert deliveries.status == 200
    for answer in (listed, shown, deliveries):
        text = json.dumps(answer.json, ensure_ascii=False)
        assert text == text.encode(errors="replace").decode()
