"""What the console's editor of rules makes of rules, of the service's faults, and of backtests."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.samples.conditions import PATTERNS
from tests.unit.console.node import Ask

TEXTS = st.text(max_size=12)
FULL_TEXTS = st.text(min_size=1, max_size=12)
PARTS = st.fixed_dictionaries(
    {name: st.none() | FULL_TEXTS for name in ("title", "text", "link", "level", "dedup")}
    | {"action": st.sampled_from([None, "trigger", "resolve"])}
    | {
        "fields": st.none()
        | st.dictionaries(FULL_TEXTS.filter(str.strip), FULL_TEXTS, min_size=1, max_size=3)
    }
)
WINDOWS = st.fixed_dictionaries({"period": st.just("10m"), "by": st.lists(TEXTS, max_size=2)})
RULES = st.fixed_dictionaries(
    {
        "id": st.just("b0c6ff0e-4c4a-4c2b-8f6e-6a3f4f4d3a11"),
        "name": FULL_TEXTS,
        "description": st.none() | TEXTS,
        "rule_type": st.just("session.started"),
        "channel_id": st.just("0b6d5a0e-4c4a-4c2b-8f6e-6a3f4f4d3a11"),
        "message_template": TEXTS,
        "enabled": st.booleans(),
        "observe": st.booleans(),
        "message": st.none() | PARTS,
        "condition": st.none() | PATTERNS,
        "where": st.none(),
        "once_per": st.none() | WINDOWS,
        "digest": st.none() | WINDOWS.map(lambda window: window | {"max": 5}),
    }
)


@given(rule=RULES)
def test_a_rule_that_nobody_changed_has_no_changes(ask_rules: Ask, rule: dict[str, Any]) -> None:
    """Whatever is stored, opening it in the editor changes none of it."""
    assert ask_rules("changed", rule, {}) == {}


@given(rule=RULES, title=FULL_TEXTS)
def test_only_what_was_changed_is_sent(ask_rules: Ask, rule: dict[str, Any], title: str) -> None:
    """A change of one part leaves all others out, so that somebody else's changes of these stay."""
    parts = {"title": f"new {title}", "text": "", "link": "", "level": "", "dedup": "", "action": ""}
    stored = {name: text or "" for name, text in (rule["message"] or {}).items() if name != "fields"}
    changes = ask_rules("changed", rule, {"parts": parts | stored | {"title": f"new {title}"}})
    assert changes == {"message": {"title": f"new {title}"}}


@given(rule=RULES)
def test_a_draft_says_everything(ask_rules: Ask, rule: dict[str, Any]) -> None:
    """What is tried takes nothing from the stored rule: parts that are unset are so explicitly."""
    draft = ask_rules("draft", rule)
    assert set(draft["message"]) == {"title", "text", "link", "level", "dedup", "action", "fields"}
    assert draft["enabled"] is True
    for name in ("once_per", "digest"):
        assert draft[name] == (rule[name] or {})


def test_faults_are_where_the_service_says(ask_rules: Ask) -> None:
    """Each way in which the service names a place leads to that place in the editor."""

    def places(text: str, kind: str = "generic-bad-request", template: str = "") -> list[dict[str, Any]]:
        told: list[dict[str, Any]] = ask_rules("faults", {"detail": text, "kind": kind}, template)
        return told

    of_templates = "notification-template-rendering-failure"
    assert places("rules.0.where: statsu: 'statsu' is not a field")[0]["place"] == "condition"
    assert places("rule.once_per.period: 'x' is not a period") == [
        {"place": "once_per.period", "text": "'x' is not a period"}
    ]
    assert places("body.name: Value should have at least 1 item")[0]["place"] == "name"
    assert places("rules.0.message.fields.Who: line 1: no", of_templates)[0]["place"] == "message.fields.Who"
    assert places("The template does not parse: line 3: no", of_templates)[0] == {
        "place": "message_template",
        "text": "The template does not parse: line 3: no",
        "line": 3,
    }
    assert places("somebody else was faster")[0] == {"place": "", "text": "somebody else was faster"}


def test_a_place_in_the_message_is_one_in_the_template_only_if_that_is_certain(ask_rules: Ask) -> None:
    """A column is told where no value stands before it, and a line where no block may add lines."""
    text = "With a sample of a: The message is not JSON: line 2, column 4: no"
    problem = {"detail": text, "kind": "notification-template-rendering-failure"}
    (told,) = ask_rules("faults", problem, "{\n  x\n}")
    assert (told["line"], told["column"]) == (2, 4)
    (told,) = ask_rules("faults", problem, "{\n{{ a }}x\n}")
    assert (told["line"], told.get("column")) == (2, None)
    (told,) = ask_rules("faults", problem, "{% if a %}{\n  x{% endif %}\n}")
    assert "line" not in told


def test_faults_of_several_fields_are_told_at_each(ask_rules: Ask) -> None:
    """Of a condition with several faults each row tells its own."""
    text = "statsu: 'statsu' is not a field; the nearest is 'status'; nope: 'nope' is not a field; no"
    faults = [{"place": "condition", "text": text}]
    assert ask_rules("ofField", faults, "statsu") == "'statsu' is not a field; the nearest is 'status'"
    assert ask_rules("ofField", faults, "nope") == "'nope' is not a field; no"
    assert ask_rules("ofField", faults, "status") is None


def test_pages_of_a_backtest_are_added_up(ask_rules: Ask) -> None:
    """Counts, hours and first events of all pages are together those of the whole period."""
    page = {
        "searched": 200,
        "unreadable": 1,
        "hits": 2,
        "empty": 0,
        "failed": 1,
        "messages": 1,
        "hours": {"2026-01-15T10:00:00Z": 2},
        "samples": [{"event_id": "a"}, {"event_id": "b"}],
        "failures": [{"event_id": "c"}],
        "enabled": True,
        "next": "x",
        "difference": {"both": 1, "only_draft": 1, "only_stored": 0}
        | {"first_only_draft": ["a"], "first_only_stored": []},
    }
    told = ask_rules("sum", [page, page, {**page, "next": None}])
    assert (told["searched"], told["hits"], told["messages"], told["next"]) == (600, 6, 3, None)
    assert told["hours"] == {"2026-01-15T10:00:00Z": 6}
    assert len(told["samples"]) == 3
    assert told["difference"]["first_only_draft"] == ["a", "a", "a"]


def test_bars_have_each_hour_or_day(ask_rules: Ask) -> None:
    """A day is drawn in hours, a week in days, with those that have no hits; none is lost."""
    hours = {"2026-01-15T10:00:00Z": 2, "2026-01-15T12:00:00Z": 1}
    bars = ask_rules("bars", hours, "2026-01-15T00:30:00Z", "2026-01-16T00:30:00Z")
    assert len(bars) == 25
    assert sum(bar["hits"] for bar in bars) == 3
    bars = ask_rules("bars", hours, "2026-01-09T00:30:00Z", "2026-01-16T00:30:00Z")
    assert len(bars) in {8, 9}
    assert sum(bar["hits"] for bar in bars) == 3
