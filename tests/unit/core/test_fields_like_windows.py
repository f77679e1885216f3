"""Fields that have the names of what once-per and digests tell, in the default messages of their types."""

from typing import Any

import pytest

from notifications.core import rendering, type_messages
from notifications.core.composing import compose_message
from notifications.core.messages import Message
from notifications.core.model import Digest, Event, EventType, OncePer, Rule
from notifications.core.rule_types import BUILT_IN
from notifications.core.samples import sample
from notifications.core.variables import DIGEST, REPEATS
from notifications.core.windows import digests
from tests.samples.configuration import event_type, rule
from tests.unit.core.composed import AT, composed

NAMES = sorted(DIGEST | REPEATS)
OF_ALL = event_type({name: {} for name in NAMES})
BOTH = {"once_per": OncePer(600), "digest": Digest("5m")}


def sent(kind: EventType, data: dict[str, Any], repeats: int = 0, **windows: Any) -> Message:
    """Compose what a rule with these windows sends of an event that is alone."""
    sends: Rule = rule(**windows)
    seen = rendering.variables(Event("e-1", kind.name, AT, data), kind)
    return compose_message(sends, rendering.for_rule(sends, seen, repeats), str)


@pytest.mark.parametrize("value", [3, "text", ["a", "b"], [{"a": 1}, {"a": 2}], {"a": 1}, True, 0.5])
@pytest.mark.parametrize("windows", [{}, {"once_per": OncePer(600)}, {"digest": Digest("5m")}, BOTH])
def test_such_fields_are_only_fields(value: Any, windows: dict[str, Any]) -> None:
    """A field such as ``events`` makes no digest of an event, whatever it is, and is shown as any other."""
    made = sent(OF_ALL, dict.fromkeys(NAMES, value), **windows)
    assert [label for label, _ in made.fields] == [
        "Count",
        "Events",
        "First",
        "Key",
        "Last",
        "Left out",
        "Repeats",
    ]
    assert (made.title, made.text, made.count) == ("Custom made", "", None)


def test_repeats_are_told_beside_such_a_field() -> None:
    """What once-per tells is told, though the type has a field of that name."""
    made = sent(OF_ALL, {"repeats": 7}, repeats=3, once_per=OncePer(600))
    assert made.text == "Before this, 3 repeats were not sent."
    assert made.fields == (("Repeats", "7"),)


def test_a_types_own_texts_mean_its_fields() -> None:
    """A digest of one event tells what the event says, not how many events the digest has."""
    kind = BUILT_IN["notification.delivery.failed"]
    made = sent(kind, sample(kind) | {"count": 5}, digest=Digest("5m"))
    assert made.text.startswith("5 deliveries to")


def test_a_digest_tells_the_repeats_of_all_its_events() -> None:
    """Repeats of each event of a digest are told together, not those of its last one alone."""
    kind = BUILT_IN["session.started"]
    seen = [
        rendering.variables(Event(f"e-{number}", kind.name, AT, sample(kind)), kind).having(
            {"repeats": repeats}
        )
        for number, repeats in enumerate((0, 50, 2, 0))
    ]
    made = compose_message(rule(**BOTH), digests.variables(seen, (), ()), str)
    assert made.text.endswith("\n\nBefore this, 52 repeats were not sent.")


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#/$defs/cause"},
        {"anyOf": [{"$ref": "#/$defs/cause"}, {"type": "null"}]},
        {"allOf": [{"$ref": "#/properties/again/allOf/0"}]},
        {"title": " ", "allOf": [{"$ref": "#/$defs/cause"}]},
    ],
)
def test_titles_stand_where_a_reference_leads(schema: dict[str, Any]) -> None:
    """A field that refers to a definition, as generated schemas do, is called by the definition's title."""
    again = {"allOf": [{"title": "원인"}]}
    kind = event_type({"cause": schema, "again": again}, **{"$defs": {"cause": {"title": "원인"}}})
    assert composed({"cause": "oom"}, kind).fields == (("원인", "oom"),)


def test_titles_of_inner_fields_stand_there_too() -> None:
    """What the events of a digest agree in is called by its title, though a reference leads to it."""
    inner = {"type": "object", "properties": {"team": {"title": "Team name"}}}
    kind = event_type({"owner": {"$ref": "#/$defs/owner"}}, **{"$defs": {"owner": inner}})
    seen = [
        rendering.variables(Event(f"e-{number}", kind.name, AT, {"owner": {"team": "ml"}}), kind)
        for number in range(2)
    ]
    made = compose_message(rule(digest=Digest("5m")), digests.variables(seen, ("owner.team",), ("ml",)), str)
    assert made.fields[0] == ("Team name", "ml")


@pytest.mark.parametrize("name", ["", " ", "\n"])
def test_a_field_with_a_blank_name_has_a_label(name: str) -> None:
    """Each field is named, even one whose name cannot be seen."""
    kind = event_type({name: {"title": name}})
    assert composed({name: "v"}, kind).fields == ((f'"{name}"', "v"),)


def test_references_that_go_round_end() -> None:
    """References that lead to each other, as no schema that can be saved has, end in the field's name."""
    kind = event_type({"a": {"$ref": "#/properties/b"}, "b": {"$ref": "#/properties/a"}})
    assert type_messages.label(kind, ("a",)) == "A"
