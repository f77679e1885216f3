"""Documents that are hostile: too large, full of credentials in wrong places, or with anything anywhere."""

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from configuration_api import fitting, models
from notifications.api import app
from tests.cloud.gateway import Answer, call
from tests.integration.sets import NIGHTS, PATH, STARTED, URL, document, faults
from tests.speed import yardsticks

pytestmark = pytest.mark.usefixtures("cloud")


def test_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """A set has so many entries at most, and the time to try its templates is bounded."""
    many = {f"r{number}": {**STARTED, "channel": "ops"} for number in range(models.MAX_ENTRIES)}
    given = {"set": "prod", "channels": {"ops": {"spec": {"url": URL}}}, "rules": many}
    told = "the set has 1,001 entries, at most 1,000 are allowed: divide it into several sets"
    assert faults(given) == [((), told)]
    monkeypatch.setattr(fitting, "MAX_CHECK_SECONDS", 0.0)
    given["rules"] = {key: many[key] for key in list(many)[:3]}
    assert [place for place, _ in faults(given)] == [("rules",)]


def test_a_plan_that_is_too_large_to_show(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan whose response would be too large says by how much, and what to do."""
    monkeypatch.setattr(app, "MAX_RESPONSE_BYTES", 1_000)
    told = call("POST", f"{PATH}/plan", document()).json["msg"]
    assert re.fullmatch(r"The response would have \d,\d{3} bytes, 1,000 are allowed: divide the set .*", told)


def test_no_fault_tells_a_credential() -> None:
    """Whatever is wrong with a spec, nothing that could be a credential in it is repeated."""
    specs: list[dict[str, Any]] = [
        {"url": "https://user:canary@example.com/canary"},
        {"url": "http//example.com/canary"},
        {"url": "canary"},
        {"url": URL, "headers": {"Authorization": "canary\n"}},
        {"url": URL, "headers": {"Authorization": ["canary"]}},
        {"url": URL, "client_certificate": "canary", "client_key": "canary"},
        {"url": URL, "preset": "pagerduty", "routing_key": "canary canary"},
        {"smtp": {"host": "a"}, "message": {}, "auth": {"username": "u", "password": ["canary"]}},
    ]
    given = {"set": "prod", "channels": {f"c{number}": {"spec": spec} for number, spec in enumerate(specs)}}
    found = faults(given)
    assert len({place[1] for place, _ in found}) == len(specs)
    assert "canary" not in repr(found)


def test_many_faults_are_found_in_bounded_time() -> None:
    """A document that is wrong in each of its parts is taken apart only so far, and its answer is cut."""
    mute = {"reason": "r", "where": [f"f{number}=a" for number in range(60)], "weekly": [NIGHTS]}
    headers = {f"X {number}": "a" for number in range(30)}
    given = {
        "set": "prod",
        "channels": {f"c{number}": {"spec": {"url": URL, "headers": headers}} for number in range(200)},
        "mutes": {f"m{number}": mute for number in range(200)},
    }
    answers: list[Answer] = []
    assert yardsticks(lambda: answers.append(call("POST", f"{PATH}/plan", given)), 4_000) < 4_000
    assert (answers[-1].status, answers[-1].json["data"]["shortened"]) == (422, True)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def places(value: Any) -> list[tuple[Any, ...]]:
    """List the places within a document where something else may stand."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [(), *((name, *place) for name, part in parts for place in places(part))]


def with_other(value: Any, place: tuple[Any, ...], other: Any) -> Any:
    """Return a document with something else at a place."""
    if not place:
        return other
    made = value.copy()
    made[place[0]] = with_other(value[place[0]], place[1:], other)
    return made


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), other=ANYTHING)
def test_anything_anywhere(data: st.DataObject, other: Any) -> None:
    """Whatever stands anywhere in a document, it is planned or refused, and with no 5xx."""
    whole = document()
    whole["channels"]["mail"] = {
        "spec": {
            "smtp": {"host": "smtp.example.com", "port": 587},
            "message": {"from_email": "a@example.com", "to_emails": ["b@example.com"]},
            "auth": {"username": "u", "password": "p"},
        },
        "retry": [1, 2],
    }
    whole["rules"]["mail"] = {
        "rule_type": "session.failed",
        "channel": {"name": "Elsewhere"},
        "condition": {"session_name": ["a"]},
        "message": {"title": "t", "fields": {"a": "session_name"}},
        "once_per": {"period": "10m", "by": ["session_name"]},
        "digest": {"period": "5m", "max": 3},
    }
    place = data.draw(st.sampled_from(places(whole)))
    answer = call("POST", f"{PATH}/plan", with_other(whole, place, other))
    assert answer.status in {200, 400, 422}, answer
