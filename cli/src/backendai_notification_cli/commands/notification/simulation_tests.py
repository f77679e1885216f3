"""Tests in a file: which rules an event fires, and with what messages. Each is one simulation."""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from backendai_notification_cli.commands.notification import tap
from backendai_notification_cli.commands.notification.drafts import Drafts
from backendai_notification_cli.commands.notification.simulate import simulated
from backendai_notification_cli.commands.notification.simulation_cases import (
    Case,
    Expected,
    cases_of,
    drafts_of,
)
from backendai_notification_cli.commands.notification.verdicts import SENDING, Verdict
from backendai_notification_cli.errors import Refused
from backendai_notification_cli.files.document import read
from backendai_notification_cli.nearest import hint

if TYPE_CHECKING:
    from backendai_notification_cli.http.api import Api

BAD_REQUEST = 400
MAX_SHOWN_CHARS = 100
"""How much of a wrong message is quoted."""


def run(api: "Api", path: str, given: Drafts | None) -> bool:
    """Run the tests of a file; return whether all went well. ``given``: drafts from another file.

    Raises:
        CliError: the file is malformed, with the line; or a draft could not be saved.
    """
    document = read(path)
    drafts, cases = drafts_of(document, given), cases_of(document)
    return tap.tell(len(cases), ((case.name, _fault(api, case, drafts)) for case in cases))


def _fault(api: "Api", case: Case, drafts: Drafts | None) -> str | None:
    """Run one test; return what differs, None if nothing does."""
    # What was sent just now must not decide whether a test passes.
    body = {**case.event, "windows": False, **({} if drafts is None else {"rules": drafts.rules})}
    try:
        reply = simulated(api, body, drafts)
    except Refused as refused:
        if refused.status != BAD_REQUEST:
            raise
        return refused.message  # the event is invalid; a draft's fault is another error, and ends the run
    rules = reply["rules"]
    return _differs(case, rules) or _messages_differ(api, case, body, rules)


def _differs(case: Case, rules: Sequence[Verdict]) -> str | None:
    fired = [rule for rule in rules if rule.get("verdict") in SENDING]
    if case.fires is None:
        return None
    wanted: list[Verdict] = []
    for name in case.fires:
        found = _named(name, rules)
        if isinstance(found, str):
            return found
        wanted.append(found)
    missing = [rule for rule in wanted if rule not in fired]
    if not missing and len(fired) == len({str(rule.get("rule_id")) for rule in wanted}):
        return None
    expected = ", ".join(case.fires) or "none"
    got = ", ".join(str(rule.get("name")) for rule in fired) or "none"
    reasons = [f"; {rule.get('name')} is {rule.get('verdict')}{_because(rule)}" for rule in missing]
    return f"expected {expected}; fired {got}{''.join(reasons)}"


def _because(rule: Verdict) -> str:
    return f": {rule['reason']}" if rule.get("reason") else ""


def _named(name: str, rules: Sequence[Verdict]) -> Verdict | str:
    """Find the rule with an id or name; return why it is not clear which one that is."""
    found = [rule for rule in rules if rule.get("rule_id") == name.lower()]
    found = found or [rule for rule in rules if rule.get("name") == name]
    if len(found) == 1:
        return found[0]
    if found:
        return f"{len(found)} rules are named '{name}': give the id"
    return f"there is no rule '{name}'{hint(name, [str(rule.get('name')) for rule in rules])}"


def _messages_differ(api: "Api", case: Case, body: Mapping[str, Any], rules: Sequence[Verdict]) -> str | None:
    fired = [rule for rule in rules if rule.get("verdict") in SENDING]
    for name, expected in case.messages.items():
        found: Verdict | str
        if name is not None:
            found = _named(name, rules)
        else:
            found = (
                fired[0] if len(fired) == 1 else f"{len(fired)} rules fired: name the one with the message"
            )
        if isinstance(found, str):
            return found
        if found not in fired:
            return f"{found.get('name')} is {found.get('verdict')}{_because(found)}"
        whole: Verdict = found
        if found.get("message_cut"):
            (whole,) = simulated(api, {**body, "rule_ids": [found["rule_id"]]}, None)["rules"]
        fault = _message_fault(str(whole.get("message")), expected)
        if fault is not None:
            return f"the message of {found.get('name')} {fault}"
    return None


def _message_fault(message: str, expected: Expected) -> str | None:
    shown = message if len(message) <= MAX_SHOWN_CHARS else f"{message[:MAX_SHOWN_CHARS]}…"
    if "contains" in expected and expected["contains"] not in message:
        return f"does not contain {expected['contains']!r}: {shown}"
    if "equals" in expected and expected["equals"] != message:
        return f"is not {expected['equals']!r}: {shown}"
    if "json" in expected:
        try:
            is_same = _is_same(json.loads(message), expected["json"])
        except ValueError:
            return f"is not JSON: {shown}"
        return None if is_same else f"is not {json.dumps(expected['json'], ensure_ascii=False)}: {shown}"
    return None


def _is_same(one: Any, other: Any) -> bool:
    """Compare JSON values: true is not 1."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_is_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_is_same, one, other))
    return bool(one == other and isinstance(one, bool) == isinstance(other, bool))
