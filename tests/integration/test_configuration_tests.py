"""Tests of a file: run with the file's own rules, by the dispatcher's own decision, without any effect."""

from typing import Any

import pytest

from notifications.awsapi.client import Client
from tests.cloud.gateway import KEYS_OF_ROLES, call
from tests.cloud.pipeline import DATA, add_channel, add_rule
from tests.integration.sets import PATH, apply, document, faults

pytestmark = pytest.mark.usefixtures("cloud")

READS = {"GetItem", "BatchGetItem", "Query", "GetSecretValue"}
QUOTA = {"rule_type": "quota.exceeded", "data": {"share": 1, "project": "vision"}}


def came_of(*tests: dict[str, Any], first: int = 0, **sections: Any) -> dict[str, Any]:
    """Run tests of a document as a viewer."""
    body = {**document(**sections), "tests": [{"name": "t", **each} for each in tests], "first": first}
    answer = call("POST", f"{PATH}/test", body, key=KEYS_OF_ROLES["viewer"])
    assert answer.status == 200, answer
    found: dict[str, Any] = answer.json
    return found


def test_the_files_own_rules() -> None:
    """The rules are those of the document, with its channels and event types; none of them is stored."""
    add_rule(add_channel("https://a.example.com"))
    message = {"quota": {"contains": ["vision", '{"text"']}}
    found = came_of(
        {"event": QUOTA, "fires": ["quota"], "message": message},
        {"event": {"rule_type": "session.started", "data": DATA}},
    )
    assert (found["passed"], found["failed"], found["next"]) == (2, 0, None)
    one, other = found["tests"]
    assert one == {
        "name": "t",
        "passed": True,
        "faults": [],
        "rules": [
            {
                "key": "quota",
                "name": "quota",
                "verdict": "fires",
                "reason": None,
                "deciding": {"path": "share", "seen": "1", "needed": "a number > 0.9", "clause": "share>0.9"},
                "message": '{"text": "vision"}',
            }
        ],
    }
    assert other["rules"] == []


def test_what_fails() -> None:
    """A test that fails says why, with the part of the condition that decides."""
    low = {**QUOTA, "data": {"share": 0.5, "project": "vision"}}
    found = came_of(
        {"event": QUOTA},
        {"event": low, "fires": ["quota"]},
        {"event": QUOTA, "fires": ["quota"], "message": {"quota": {"contains": "audio"}}},
    )
    assert (found["passed"], found["failed"]) == (0, 3)
    assert [fault for test in found["tests"] for fault in test["faults"]] == [
        "quota fires, which is not expected: share is 1, needed: a number > 0.9",
        "quota does not fire: unmet: share is 0.5, needed: a number > 0.9",
        "the message of quota does not contain 'audio': it is '{\"text\": \"vision\"}'",
    ]


def test_mutes_count_at_a_time() -> None:
    """The mutes of the document count for an event with a time of its own, and not for others."""
    night, day = "2026-01-15T02:00:00+09:00", "2026-01-15T12:00:00+09:00"
    found = came_of(
        {"event": QUOTA, "fires": ["quota"]},
        {"event": {**QUOTA, "timestamp": night}},
        {"event": {**QUOTA, "timestamp": day}, "fires": ["quota"]},
    )
    assert found["failed"] == 0
    assert "mute nights" in found["tests"][1]["rules"][0]["reason"]


def test_a_sample() -> None:
    """An event may be one that the service makes."""
    rules = {
        "all": {
            "rule_type": "session.started",
            "channel": "ops",
            "message_template": "{{ session_id | tojson }}",
            "name": "All",
        }
    }
    event = {"rule_type": "session.started", "sample": True}
    found = came_of({"event": event, "fires": ["all"]}, rules=rules, mutes={})
    assert found["failed"] == 0


@pytest.mark.parametrize(
    ("test", "place", "told"),
    [
        ({}, ("event",), "Field required"),
        ({"name": None, "event": QUOTA}, ("name",), "Field required"),
        (
            {"event": {"rule_type": "quota.exceded", "data": {}}},
            ("event", "rule_type"),
            "'quota.exceded' is not an",
        ),
        (
            {"event": QUOTA, "fires": ["quta"]},
            ("fires", 0),
            "this document has no rule 'quta'; the nearest is 'quota'",
        ),
        (
            {"event": QUOTA, "message": {"quta": {"contains": "x"}}},
            ("message", "quta"),
            "this document has no rule 'quta'; the nearest is 'quota'",
        ),
        (
            {"event": QUOTA, "message": {"quota": {"contians": "x", "contains": "x"}}},
            ("message", "quota", "contians"),
            "there is no such member; the nearest is 'contains'",
        ),
        ({"event": {**QUOTA, "dta": 1}}, ("event", "dta"), "there is no such member; the nearest is 'data'"),
        ({"event": QUOTA, "fries": []}, ("fries",), "there is no such member; the nearest is 'fires'"),
        (
            {"event": QUOTA, "zzz": 1},
            ("zzz",),
            "there is no such member; there are: event, fires, message, name",
        ),
        ({"event": {**QUOTA, "sample": True}}, ("event", "data"), "give either data or sample: true"),
        ({"event": {"rule_type": "quota.exceeded"}}, ("event", "data"), "give either data or sample: true"),
        ({"event": {**QUOTA, "data": {"share": "x"}}}, ("event", "data"), "share"),
        ({"event": {**QUOTA, "timestamp": "noon"}}, ("event", "timestamp"), "must be an ISO 8601 time"),
    ],
)
def test_faults(test: dict[str, Any], place: tuple[Any, ...], told: str) -> None:
    """What cannot be a test is a fault with its place, beside those of the rest of the document."""
    tests = [{"name": "good", "event": QUOTA}, {"name": "bad", **test}]
    ((found, message),) = faults({**document(), "tests": tests}, "test")
    assert found == ("tests", 1, *place)
    assert told in message


def test_too_many_tests() -> None:
    """The first test beyond the limit is a fault, beside others of the document, and none of them is read."""
    given = document(channels={})
    given["tests"] = [5] * 501
    told = "there are 501 tests, at most 500 are allowed: divide the set"
    found = faults(given, "test")
    assert (("tests", 500), told) in found
    assert [place[0] for place, _ in found] == ["tests", "rules"]


def test_all_faults_at_once() -> None:
    """Faults of tests are told together with those of rules and channels."""
    given = document(channels={"ops": {"spec": {"url": "nonsense"}}})
    found = faults({**given, "tests": [{"name": "t", "event": QUOTA, "fires": ["x"]}, 7]}, "test")
    assert {place[:2] for place, _ in found} >= {("channels", "ops"), ("tests", 0), ("tests", 1)}


def test_nothing_is_sent_or_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run of tests only reads, whatever fires."""
    apply(document())
    names: set[str] = set()
    real = Client.call

    def noted(client: Client, operation: str, **parameters: Any) -> dict[str, Any]:
        names.add(operation)
        return real(client, operation, **parameters)

    monkeypatch.setattr(Client, "call", noted)
    assert came_of({"event": QUOTA, "fires": ["quota"]})["passed"] == 1
    assert names <= READS


def test_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests that take long are run page by page, each once."""
    from configuration_api import testing  # noqa: PLC0415 - it is imported with the function

    monkeypatch.setattr(testing, "MAX_PAGE_SECONDS", 0.0)
    tests = [{"event": QUOTA, "name": f"t{number}", "fires": ["quota"]} for number in range(3)]
    first, done = 0, []
    while first is not None:
        page = came_of(*tests, first=first)
        done += [each["name"] for each in page["tests"]]
        first = page["next"]
    assert done == ["t0", "t1", "t2"]


def test_one_that_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test whose rules take longer than a page may has a page of its own, and fails."""
    from configuration_api import testing  # noqa: PLC0415 - see above

    quota = document()["rules"]["quota"]
    now = iter(range(100))
    monkeypatch.setattr(testing, "thread_time", lambda: next(now))
    slow = {"event": QUOTA, "fires": ["a", "b", "c", "d"]}
    quick = {"event": {"rule_type": "session.started", "data": DATA}}
    rules = dict.fromkeys("abcd", quota)
    pages = [came_of(quick, slow, quick, first=first, rules=rules, mutes={}) for first in (0, 1, 2)]
    assert [[each["passed"] for each in page["tests"]] for page in pages] == [[True], [False], [True]]
    assert [page["next"] for page in pages] == [1, 2, None]
    assert pages[1]["tests"][0]["faults"][0].startswith("1 of 4 rules were not tried")
