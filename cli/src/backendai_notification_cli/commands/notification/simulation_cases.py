"""Read tests of rules from a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backendai_notification_cli.commands.notification.drafts import Drafts, listed
from backendai_notification_cli.commands.notification.fields import Fields
from backendai_notification_cli.errors import CliError
from backendai_notification_cli.files.building import Place
from backendai_notification_cli.files.document import FileDocument, read
from backendai_notification_cli.terminal.times import event_time

MAX_TESTS = 1_000
"""How many tests a file may have."""

FILE_KEYS = ("tests", "rules")
TEST_KEYS = ("name", "event", "at", "fires", "message")
EVENT_KEYS = ("type", "data", "data_file", "sample")
MESSAGE_KEYS = ("contains", "equals", "json")

Expected = Mapping[str, Any]
"""What a message must be: ``contains`` and ``equals`` are texts, ``json`` is any value."""


@dataclass(frozen=True, slots=True)
class Case:
    """One test. ``fires``: names or ids of exactly the rules that must fire; None if it does not matter.

    ``messages``: what messages must be, by a rule's name or id; None for the only rule that fires.
    """

    name: str
    event: Mapping[str, Any]
    fires: Sequence[str] | None
    messages: Mapping[str | None, Expected]


def drafts_of(document: FileDocument, given: Drafts | None) -> Drafts | None:
    """Return the drafts to test with: the file's own, or those of another file.

    Raises:
        CliError: there are both, or the file is malformed.
    """
    value = document.value
    if not isinstance(value, dict) or "tests" not in value:
        raise document.fault((), "a file of tests must have `tests:`, a list")
    document.check_keys((), value, FILE_KEYS)
    if "rules" not in value:
        return given
    if given is not None:
        raise document.fault(("rules",), f"the drafts come from {given.document.path}: give one of both")
    return listed(document, ("rules",), value["rules"])


def cases_of(document: FileDocument) -> list[Case]:
    """Read the tests.

    Raises:
        CliError: one is malformed, with file, line and key.
    """
    tests = document.value["tests"]
    if not isinstance(tests, list) or not tests:
        raise document.fault(("tests",), "must be a list of tests")
    if len(tests) > MAX_TESTS:
        raise document.fault(("tests",), f"has {len(tests)} tests, {MAX_TESTS} are allowed")
    return [_case(document, ("tests", number), test) for number, test in enumerate(tests)]


def _case(document: FileDocument, place: Place, test: Any) -> Case:
    if not isinstance(test, dict):
        raise document.fault(place, "a test must be an object, like {event: ..., fires: [...]}")
    document.check_keys(place, test, TEST_KEYS)
    if "event" not in test or not {"fires", "message"} & test.keys():
        raise document.fault(place, "a test needs `event`, and `fires` or `message`")
    event = _event(document, (*place, "event"), test["event"])
    if "at" in test:
        event["timestamp"] = _time(document, (*place, "at"), test["at"])
    fires = test.get("fires")
    if "fires" in test and not (isinstance(fires, list) and all(isinstance(one, str) for one in fires)):
        raise document.fault((*place, "fires"), "must be a list of names or ids of rules; [] if none fires")
    name = test.get("name", f"{event['rule_type']} at line {document.line(place)}")
    if not isinstance(name, str):
        raise document.fault((*place, "name"), "must be a text")
    messages = _messages(document, (*place, "message"), test["message"]) if "message" in test else {}
    return Case(name, event, fires, messages)


def _event(document: FileDocument, place: Place, event: Any) -> dict[str, Any]:
    if not isinstance(event, dict) or not isinstance(event.get("type"), str):
        raise document.fault(place, "must be an object with a `type`")
    document.check_keys(place, event, EVENT_KEYS)
    if len(event.keys() & {"data", "data_file", "sample"}) != 1:
        raise document.fault(place, "needs one of `data`, `data_file` and `sample: true`")
    if "sample" in event:
        if event["sample"] is not True:
            raise document.fault((*place, "sample"), "must be true, or left out")
        return {"rule_type": event["type"], "sample": True}
    data = event.get("data")
    if "data_file" in event:
        data = document.named_file((*place, "data_file"), event["data_file"], read).value
    if not isinstance(data, dict):
        raise document.fault((*place, "data"), "must be an object with the event's fields")
    try:
        fields = Fields(data).named(event["type"])
    except CliError as error:
        raise document.fault(place, error.message) from None
    return {"rule_type": event["type"], "notification_data": fields}


def _time(document: FileDocument, place: Place, text: Any) -> str:
    try:
        return event_time(str(text))
    except CliError as error:
        raise document.fault(place, error.message) from None


def _messages(document: FileDocument, place: Place, given: Any) -> dict[str | None, Expected]:
    if not isinstance(given, dict) or not given:
        raise document.fault(place, "must be an object, like {contains: ...} or {RULE: {contains: ...}}")
    if given.keys() <= {*MESSAGE_KEYS}:
        return {None: _expected(document, place, given)}
    return {name: _expected(document, (*place, name), one) for name, one in given.items()}


def _expected(document: FileDocument, place: Place, given: Any) -> Expected:
    if not isinstance(given, dict) or not given:
        raise document.fault(place, f"must have one of {', '.join(MESSAGE_KEYS)}")
    document.check_keys(place, given, MESSAGE_KEYS)
    for key in ("contains", "equals"):
        if key in given and not isinstance(given[key], str):
            raise document.fault((*place, key), "must be a text")
    made: Expected = given
    return made
