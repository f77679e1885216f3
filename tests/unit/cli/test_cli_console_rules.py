"""The lines that the console shows of rules do what the console does."""

import shlex
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from notifications.core import conditions
from tests.unit.cli.rules import CHANNEL, ID, RULE, RULES
from tests.unit.console.node import Ask, asking

Run = Callable[..., Any]

NASTY = 'it\'s "$HOME" `id` \\ !! \n; rm -rf ~ #'
"""What a shell would do something with."""

STORED = {
    **RULE,
    "message_template": "x",
    "message": None,
    "once_per": None,
    "digest": None,
    "condition": None,
    "where": None,
}
ROW = {"kind": "row", "path": ["status"], "operator": "is", "values": ["a, b", "ERROR"]}
NETWORK = {"kind": "row", "path": ["host"], "operator": "in_network", "values": ["10.0.0.0/8"]}
NO_PARTS = dict.fromkeys(("title", "text", "link", "level", "dedup", "action"), "")

FORMS: dict[str, dict[str, Any]] = {
    "texts": {"name": NASTY.replace("\n", " "), "description": NASTY},
    "switches": {"enabled": False, "observe": True},
    "template": {"own": True, "message_template": f'{{"text": {NASTY}}}'},
    "default": {"own": False},
    "rows": {"condition": {"mode": "builder", "tree": {"kind": "all", "items": [ROW]}}},
    "no clauses": {"condition": {"mode": "builder", "tree": {"kind": "all", "items": [ROW, NETWORK]}}},
    "text": {"condition": {"mode": "where", "text": "status!=a\ncode>5"}},
    "parts": {
        "own": False,
        "parts": NO_PARTS | {"title": NASTY, "level": "error"},
        "fields": [{"label": "Who's", "expression": "user ~ '$x'"}],
    },
    "once per": {"once_per": {"period": "10m", "by": ["a", "b.c"]}},
    "digest": {"digest": {"period": "daily@09:00[Asia/Seoul]", "by": [], "max": 5}},
    "no option": {"own": False, "fields": [{"label": "a=b", "expression": "user"}]},
    "no option, an action": {"own": False, "parts": NO_PARTS | {"action": "resolve"}},
    "no option, a comma": {"once_per": {"period": "1h", "by": ["a,b"]}},
}


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """Return what asks the console for its documents and lines."""
    with asking(tmp_path_factory.mktemp("lines"), "rules.mjs") as ask:
        yield ask


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_change(ask: Ask, service: Any, run: Run, form: dict[str, Any]) -> None:
    """The shown line sends, word for word, what saving in the console sends."""
    changes, line = ask("change", STORED, form)
    assert changes
    service.answers("PATCH", f"{RULES}/{ID}?custom=true", {"rule": RULE})
    service.answers("POST", f"{RULES}/search?custom=true", {"rules": [], "pagination": {"total": 0}})
    result = run(*shlex.split(line))
    assert result.exit_code == 0, result
    assert service.last["method"] == "PATCH"
    assert _spelled(service.last["body"]) == _spelled(changes)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_new_rule(ask: Ask, service: Any, run: Run, form: dict[str, Any]) -> None:
    """The shown line makes the rule that the console makes."""
    known = {"name": "-Started", "rule_type": "session.started", "channel_id": CHANNEL}
    document, line = ask("creation", known | form)
    for query in ("", "?custom=true"):
        service.answers("POST", f"{RULES}{query}", {"rule": RULE}, status=201)
    service.answers("POST", f"{RULES}/search?custom=true", {"rules": [], "pagination": {"total": 0}})
    result = run(*shlex.split(line))
    assert result.exit_code == 0, result
    assert _spelled(service.last["body"]) == _spelled(document)


def _spelled(body: dict[str, Any]) -> dict[str, Any]:
    """Return a document with its condition as JSON."""
    if "where" not in body:
        return body
    condition = conditions.to_json(conditions.from_clauses(body["where"]))
    return {name: value for name, value in body.items() if name != "where"} | {"condition": condition}
