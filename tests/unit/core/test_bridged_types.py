"""The event types of the bridge: each is documented, has a sample, and a message for people."""

import json
from typing import Any

import pytest

from local.common import ROOT
from notifications.core import composing, rendering, samples, templates
from notifications.core.errors import SchemaMismatch, TemplateError
from notifications.core.events import parse
from notifications.core.model import Event, EventType
from notifications.core.rule_types import BRIDGED, BUILT_IN
from notifications.core.schemas import check_data
from tests.samples.configuration import STARTED, event_type

SAMPLES = {path.stem: json.loads(path.read_text("utf-8")) for path in (ROOT / "events").glob("*.json")}
CONTEXT = SAMPLES["session_started_with_context"]["detail"]["context"]
SESSION = BUILT_IN["session.started"]


def sample(name: str) -> Event:
    """Read the sample event of a type."""
    return parse(SAMPLES[name.replace(".", "_").replace("-", "_")])


def described(schema: Any) -> bool:
    """Tell whether each property of an object, and of those in it, has a title and a description."""
    kinds = [schema, *schema.get("anyOf", ())]
    properties = [one for kind in kinds for one in kind.get("properties", {}).values()]
    return all(one.get("title") and one.get("description") and described(one) for one in properties)


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_field_is_described(name: str) -> None:
    """Each field of a built-in type, and each in its objects, has a title and a description."""
    assert BUILT_IN[name].description
    assert described(BUILT_IN[name].json_schema)


@pytest.mark.parametrize("name", BRIDGED)
def test_every_type_has_a_sample(name: str) -> None:
    """The sample event fits the type's schema and has all of its fields."""
    event = sample(name)
    assert event.rule_type == name
    assert check_data(BRIDGED[name], event.data) == event.data
    assert event.data.keys() == BRIDGED[name].fields


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_type_has_a_message(name: str) -> None:
    """The message of a built-in type names fields that it has and makes text of what events have at least."""
    kind = BUILT_IN[name]
    assert kind.message is not None
    all_fields = samples.sample(kind)
    shown = {name: all_fields[name] for name in kind.json_schema["required"]}
    event = Event("e", name, parse(SAMPLES["session_started"]).timestamp, shown)
    for source in (kind.message.title, kind.message.text):
        templates.check(source, kind)
        made = templates.render(source, rendering.variables(event, kind))
        assert made == " ".join(made.split())
        assert "None" not in made
    for field in kind.message.fields:
        assert field.partition(".")[0] in kind.fields
        templates.check(composing.field_source(field), kind)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("session.failed", "The command of train failed with exit code 1."),
        ("model.import.done", "The import of org/example-model (main) is done."),
        ("bridge.gap", "412 entries of Backend.AI (stream)."),
        ("bgtask.failed", "5d1e2f30-3333-4c7a-9b8d-000000000001 ended as partial_success: 2 of 3"),
    ],
)
def test_messages(name: str, said: str) -> None:
    """A type's message says of its sample what happened."""
    kind = BRIDGED[name]
    assert kind.message is not None
    assert said in templates.render(kind.message.text, rendering.variables(sample(name), kind))


@pytest.mark.parametrize("source", ["{{ context.project }}", "{{ data.context.project }}"])
def test_context_is_for_templates(source: str) -> None:
    """A template reads a session's context, which is nothing for an event that has none."""
    templates.check(source, SESSION)
    with_context = Event(
        "e", SESSION.name, sample("session.failed").timestamp, STARTED | {"context": CONTEXT}
    )
    assert templates.render(source, rendering.variables(with_context, SESSION)) == "vision"
    without = Event("e", SESSION.name, with_context.timestamp, STARTED)
    assert templates.render(source, rendering.variables(without, SESSION)) == ""


def test_an_event_without_context_has_none() -> None:
    """All fields of an event without a context are what they were before there were contexts."""
    assert check_data(SESSION, STARTED) == STARTED | {"session_name": None}
    event = Event("e", SESSION.name, sample("session.failed").timestamp, STARTED)
    seen = rendering.variables(event, SESSION)
    assert templates.render("{{ 'no' if context is none else 'yes' }}", seen) == "no"


@pytest.mark.parametrize("wrong", [{"projct": "x"}, {"project": 1}, {"agent_ids": "a"}, {"exit_code": "1"}])
def test_context_is_checked(wrong: dict[str, object]) -> None:
    """A context with what it may not have is refused, and named."""
    with pytest.raises(SchemaMismatch, match="context"):
        check_data(SESSION, STARTED | {"context": wrong})


OPEN = event_type({"a": {"type": "object", "properties": {"b": {}}}, "t": {"type": "string"}})
CLOSED = event_type({"a": {"type": "object", "properties": {"items": {}}, "additionalProperties": False}})


@pytest.mark.parametrize(
    ("source", "name", "nearest"),
    [
        ("{{ context.projct }}", "context.projct", "context.project"),
        ("{{ data.context.user_emial }}", "data.context.user_emial", "data.context.user_email"),
        ("{{ context['usr_email'] }}", "context.usr_email", "context.user_email"),
        ("{{ (context.exitcode or 0) + 1 }}", "context.exitcode", "context.exit_code"),
    ],
)
def test_unknown_field_of_the_context(source: str, name: str, nearest: str) -> None:
    """A name that no context has is refused when the template is saved, with what was probably meant."""
    with pytest.raises(TemplateError) as caught:
        templates.check(f"\n{source}", SESSION)
    expected = f"line 2: {name!r} is not a field of session.started; the nearest is {nearest!r}"
    assert caught.value.message == expected


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("{{ context.requested_slots['cuda.device'] }}{{ context.requested_slots.anything }}", SESSION),
        ("{{ context.items() | list }}{{ context.project.upper() }}{{ context[status] }}", SESSION),
        ("{% for context in [{'a': 1}] %}{{ context.a }}{% endfor %}", SESSION),
        ("{{ a.c }}{{ a.b.c }}{{ t.c }}", OPEN),
        ("{{ a.items() }}{{ a['items'] }}{{ a.keys }}", CLOSED),
    ],
)
def test_what_may_be_there_is_taken(source: str, kind: EventType) -> None:
    """Keys of open objects, methods, a template's own names and computed keys are not refused."""
    assert templates.check(source, kind) is None  # type: ignore[func-returns-value]
