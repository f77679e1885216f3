"""The default message of a rule: its type's, with the rule's parts, and every value escaped."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given

from notifications.core import email_texts, readable, rendering
from notifications.core.composing import compose_message
from notifications.core.errors import TemplateError
from notifications.core.model import Event, EventType, MessageParts
from notifications.core.rule_types import BUILT_IN
from notifications.core.samples import sample
from tests.samples.configuration import STARTED, event_type, rule
from tests.unit.core.composed import AT, CLOSE, HOSTILE, OPEN, TEXTS, composed, escape


def test_a_built_in_type() -> None:
    """Title, text and the fields that have a value are those of the type, for this event."""
    context = {"project": "vision", "requested_slots": {"cpu": "2", "mem": "4294967296"}}
    made = composed({**STARTED, "session_name": "train", "context": context}, zone="Asia/Seoul")
    assert (made.title, made.text) == (
        "Session started: train",
        "The interactive session train is running.",
    )
    assert made.fields == (
        ("Session ID", "6f1c"),
        ("Project", "vision"),
        ("Requested slots", "cpu: 2, mem: 4 GiB"),
    )
    assert (made.level, made.at, made.zone, made.event_id) == ("info", AT, "Asia/Seoul", "e-1")
    assert (made.link, made.dedup, made.action, made.count) == (None, None, None, None)


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_built_in_type_with_as_little_as_possible(name: str) -> None:
    """An event with its required fields alone has a title without holes, and no "None" anywhere."""
    kind = BUILT_IN[name]
    data = {field: value for field, value in sample(kind).items() if field in kind.json_schema["required"]}
    made = composed(data, kind)
    assert made.title.strip()
    assert not made.title.rstrip().endswith(":")
    assert "None" not in f"{made.title}{made.text}{made.fields}"


def test_a_custom_type_by_its_titles() -> None:
    """A custom type's message has the schema's title, its description, and all fields by their titles."""
    kind = event_type(
        {"used": {"type": "number", "title": "Use in percent"}, "by": {"type": "array"}},
        title="QuotaExceeded",
        description="A project uses more than it may.",
    )
    made = composed({"used": 103.5, "by": ["data", "models"]}, kind)
    assert made.title == "Quota exceeded"
    assert made.text == "A project uses more than it may."
    assert made.fields == (("Use in percent", "103.5"), ("By", "data, models"))


def test_a_custom_type_without_titles_names_every_field() -> None:
    """Without any title, the type's name is the title, and fields are labelled by their names."""
    kind = event_type({"gpu_hours": {}, "owner": {"type": "object"}, "data": {}, "missing": {}})
    made = composed({"gpu_hours": 7, "owner": {"name": "kim", "teams": [{"id": 1}]}, "data": "x"}, kind)
    assert made.title == "Custom made"
    assert made.fields == (
        ("GPU hours", "7"),
        ("Owner", "name: kim\nteams:\n  - id: 1"),
        ("Data", "x"),
    )


def test_a_custom_types_severity_is_the_level() -> None:
    """A field of a custom type that is called severity or level says the level, if it is one."""
    kind = event_type({"severity": {"type": "string"}})
    assert composed({"severity": "critical"}, kind).level == "critical"
    assert composed({"severity": "whatever"}, kind).level == "info"


def test_a_rules_parts_win() -> None:
    """What a rule says of a part stands in place of the type's; its fields replace all of the type's."""
    made = composed(
        STARTED,
        title="{{ session_type | upper }} up",
        text="",
        fields={"Where": "cluster_mode", "Slots": "{'cpu': 2, 'gpu': [1, 2]}", "None": "session_name"},
        link="https://ui.example/s/{{ session_id | urlencode }}",
        level="{{ 'success' if status == 'RUNNING' else 'error' }}",
        dedup="s-{{ session_id }}",
        action="resolve",
    )
    assert made.title == "INTERACTIVE up"
    assert made.text == ""
    assert made.fields == (("Where", "single-node"), ("Slots", "cpu: 2\ngpu: 1, 2"))
    assert made.link == "https://ui.example/s/6f1c"
    assert (made.level, made.dedup, made.action) == ("success", "s-6f1c", "resolve")


def test_an_unknown_level_of_an_event_is_the_types() -> None:
    """A level that an event makes of a rule's template, and that does not exist, loses no message."""
    assert composed(STARTED, level="{{ session_type }}").level == "info"


def test_a_part_that_fails_is_named() -> None:
    """A part that cannot be rendered says which part it is."""
    with pytest.raises(TemplateError, match=r"^message\.fields\.Where: The template fails"):
        composed(STARTED, fields={"Where": "session_name.upper()"})


@given(TEXTS)
def test_values_are_escaped_and_the_template_is_not(text: str) -> None:
    """Whatever a value is, it is in the message only as the escape made it."""
    kind = BUILT_IN["session.started"]
    variables = rendering.variables(Event("e", kind.name, AT, {**STARTED, "session_type": f"x{text}y"}), kind)
    parts = MessageParts(title="*{{ session_type }}*", fields={"<!here>": "session_type"})
    made = compose_message(rule(message=parts), variables, escape)
    assert made.title.startswith(f"*{OPEN}x")
    assert made.text.startswith(f"The {OPEN}x")
    ((label, told),) = made.fields
    assert label == escape("<!here>")
    assert told.startswith(f"{OPEN}x")
    assert told.endswith(CLOSE)


@pytest.mark.parametrize("said", [*HOSTILE, "{{ 7 * 7 }}", "it's\\n", "a }} b {% if %}", "두 줄\nhere"])
def test_what_a_schema_says_is_escaped(said: str) -> None:
    """Titles and descriptions of a custom schema are texts: no template, and no markup."""
    kind = event_type({"a": {"title": said}}, title=f"1 {said}", description=f"2 {said}")
    variables = rendering.variables(Event("e", kind.name, AT, {"a": 1}), kind)
    made = compose_message(rule(), variables, escape)
    line = said.replace("\n", " ")
    assert (made.title, made.text, made.fields[0][0]) == (
        escape(f"1 {line}"),
        escape(f"2 {line}"),
        escape(said),
    )


def test_repeats_are_told() -> None:
    """The first message after repeats says how many were not sent."""
    assert "999 repeats were not sent" in composed(STARTED, more={"repeats": 999}).text
    assert "1 repeat was not sent" in composed(STARTED, more={"repeats": 1}).text
    assert "repeat" not in composed(STARTED, more={"repeats": 0}).text


def digest(count: int, kind: EventType = BUILT_IN["session.failed"]) -> dict[str, Any]:
    """Return what the templates of a digest of so many events see besides."""
    seen = [
        dict(
            rendering.variables(
                Event(
                    f"e-{number}", kind.name, AT, {"session_id": f"s-{number}", "context": {"project": "ml"}}
                ),
                kind,
            )
        )
        for number in range(min(count, 60))
    ]
    return {
        "events": seen,
        "count": count,
        "key": {"context": {"project": "ml"}},
        "first": seen[0],
        "last": seen[-1],
    }


def test_a_digest_lists_its_events() -> None:
    """A digest says how many events of which kind, what they agree in, and has a line for each."""
    made = composed({"session_id": "s-1"}, BUILT_IN["session.failed"], digest(2), "Asia/Seoul")
    assert made.title == "2 events: Session failed"
    assert made.text == "19:30:00 · Batch session failed: s-0\n19:30:00 · Batch session failed: s-1"
    assert made.fields[0] == ("Project", "ml")
    assert made.fields[1] == ("First", "2026-01-15 19:30:00 KST")
    assert (made.level, made.count) == ("error", 2)


def test_a_digest_of_several_days_has_dates() -> None:
    """Where the events of a digest did not all happen on one local day, each line has its date."""
    more = digest(2)
    more["events"][1]["timestamp"] = AT + timedelta(hours=5)
    failed = {"session_id": "s-1"}, BUILT_IN["session.failed"], more
    assert composed(*failed).text.startswith("10:30:00 · ")
    made = composed(*failed, "Asia/Seoul")
    assert [line[:19] for line in made.text.split("\n")] == ["2026-01-15 19:30:00", "2026-01-16 00:30:00"]


def test_a_digest_of_a_custom_type_tells_fields() -> None:
    """Where all events of a type have the same title, a digest's lines have fields of each instead."""
    properties = {"project": {"type": "string", "title": "Team"}, "used": {"type": "number"}}
    kind = event_type(properties, title="Quota exceeded")
    seen = [
        dict(rendering.variables(Event(f"e-{used}", kind.name, AT, {"project": project, "used": used}), kind))
        for used, project in enumerate(("vision", "x" * 100, "a\nb"))
    ]
    more = {"events": seen, "count": 3, "key": {}, "first": seen[0], "last": seen[-1]}
    made = composed({"project": "vision", "used": 0}, kind, more)
    assert made.title == "3 events: " + readable.words(kind.name)
    assert made.text == (
        "10:30:00 · Team: vision, Used: 0\n"
        f"10:30:00 · Team: {'x' * 74}…, Used: 1\n"
        "10:30:00 · Team: a b, Used: 2"
    )


def test_a_long_digest_says_how_many_more() -> None:
    """Of a long digest the first events are listed, and the rest is counted."""
    made = composed({"session_id": "s-1"}, BUILT_IN["session.failed"], digest(70))
    assert made.text.split("\n")[-1] == "… and 20 more"
    assert made.title == "70 events: Session failed"


def test_a_digest_of_one_is_its_events_message() -> None:
    """A digest with a single event looks as that event's message."""
    made = composed({"session_id": "s-1"}, BUILT_IN["session.failed"], digest(1))
    assert made.title == "Batch session failed: s-1"
    assert made.count is None


def test_all_fields_together_are_bounded() -> None:
    """However many long fields an event has, each is named, and an email of them fits a record."""
    kind = event_type({f"field_{number}": {} for number in range(100)})
    made = composed({f"field_{number}": "가" * 100_000 for number in range(100)}, kind)
    assert len(made.fields) == 100
    assert len(f"{email_texts.text(made)}{email_texts.html(made)}".encode()) < 200_000


def test_a_cut_never_parts_an_escape() -> None:
    """Values are cut before they are escaped, so that each begins and ends as the escape made it."""
    data = {**STARTED, "session_name": "x" * 50_000, "context": {"project": "y" * 50_000}}
    variables = rendering.variables(Event("e", "session.started", AT, data), BUILT_IN["session.started"])
    made = compose_message(rule(), variables, escape)
    for said in (made.title, made.text, *(value for _, value in made.fields)):
        assert said.count(OPEN) == said.count(CLOSE) >= 1
