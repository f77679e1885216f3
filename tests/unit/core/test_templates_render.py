"""Templates render what the guide promises, and can do no harm while they do."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.core.errors import TemplateError
from notifications.core.model import MAX_TEMPLATE_CHARS, Event
from notifications.core.rule_types import BUILT_IN
from notifications.core.schemas import check_data
from notifications.core.templates import MAX_RENDERED_BYTES, check, context, render
from tests.samples.configuration import DOWNLOADED, STARTED

NOW = datetime(2026, 1, 15, 10, 30, tzinfo=UTC)


def variables(rule_type: str = "session.started", **data: Any) -> dict[str, Any]:
    """Make the context of an event with the required fields and these."""
    required = DOWNLOADED if rule_type.startswith("artifact") else STARTED
    complete = check_data(BUILT_IN[rule_type], {**required, **data})
    return context(Event("e-1", rule_type, NOW, complete), complete)


def lists(*items: Any) -> dict[str, Any]:
    """Make the context of an event with a list."""
    return context(Event("e-1", "custom.made", NOW, {}), {"items": list(items)})


def test_fields_in_all_three_ways() -> None:
    """A field is there by its name and in data; type and time of the event are there too."""
    source = "{{ session_id }} {{ data.session_id }} {{ data['status'] }} {{ rule_type }} {{ timestamp }}"
    assert render(source, variables()) == "6f1c 6f1c RUNNING session.started 2026-01-15 10:30:00+00:00"


@pytest.mark.parametrize(("name", "expected"), [(None, "N/A"), ("", "N/A"), ("train", "train")])
def test_guides_default(name: str | None, expected: str) -> None:
    """The guide's ``or 'N/A'`` stands in for an absent or empty name."""
    data = {} if name is None else {"session_name": name}
    assert render("{{ session_name or 'N/A' }}", variables(**data)) == expected


def test_guides_condition() -> None:
    """The guide's condition on an optional field holds only when the field is there."""
    source = "{% if termination_reason %}Reason: {{ termination_reason }}{% endif %}"
    assert render(source, variables("session.terminated")) == ""
    told = variables("session.terminated", termination_reason="idle")
    assert render(source, told) == "Reason: idle"


@pytest.mark.parametrize(("success", "word"), [(True, "Completed"), (False, "Failed")])
def test_guides_choice(success: bool, word: str) -> None:  # noqa: FBT001
    """The guide's example of an artifact's download is JSON and tells success from failure."""
    source = "{\"title\": \"Download {{ 'Completed' if success else 'Failed' }}\"}"
    made = render(source, variables("artifact.download.completed", success=success))
    assert json.loads(made) == {"title": f"Download {word}"}


def test_guides_loop() -> None:
    """The guide's loop goes over a field that is a list, though ``items`` is a dict's method as well."""
    source = "{% for item in items %}\n- {{ item }}\n{% endfor %}"
    assert render(source, lists("a", "b")) == "\n- a\n\n- b\n"


def test_absent_is_empty() -> None:
    """An absent optional field that is printed gives nothing."""
    assert render("[{{ session_name }}]", variables()) == "[]"


def test_trailing_newline_stays() -> None:
    """A template file's last newline is part of the message."""
    assert render("{{ status }}\n", variables()) == "RUNNING\n"


@given(st.text())
def test_values_are_not_changed(value: str) -> None:
    """Whatever text a field has, it is printed as it is, and never taken for a template."""
    assert render("<{{ session_id }}>", variables(session_id=value)) == f"<{value}>"


@given(st.text())
def test_tojson_gives_json(value: str) -> None:
    """The tojson filter makes a JSON text of any value."""
    assert json.loads(render('{"id": {{ session_id | tojson }}}', variables(session_id=value))) == {
        "id": value
    }


def test_non_ascii() -> None:
    """Templates and values may be in any script."""
    assert render("세션 {{ session_id }} 🚀", variables(session_id="Überlauf")) == "세션 Überlauf 🚀"


def test_largest_template() -> None:
    """A template of the largest size is taken and rendered, with hundreds of fields in it."""
    source = "{{ status }};" * 700
    source += "x" * (MAX_TEMPLATE_CHARS - len(source))
    check(source, BUILT_IN["session.started"])
    assert render(source, variables()) == "RUNNING;" * 700 + "x" * (MAX_TEMPLATE_CHARS - 13 * 700)


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__ }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ session_id.__init__.__globals__ }}",
        "{{ data.__class__.__init__ }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ range.__globals__['os'] }}",
        "{{ joiner.__init__.__globals__ }}",
        "{{ '{a.__class__}'.format_map({'a': 1}) }}",
        "{{ [''] | map(attribute='__class__') | list }}",
        "{{ timestamp.strptime('1', '%d') }}",
        "{{ 'a'.encode() }}",
        "{{ session_id.translate({}) }}",
        "{{ dict.fromkeys('abc') }}",
        "{{ (1).to_bytes(9) }}",
        "{{ ('{0.__class__}').format(session_id) }}",
        "{{ ''|attr('__class__') }}{{ (''|attr('__class__')).mro() }}",
        "{{ data.update({'a': 1}) }}",
        "{{ data.clear() }}",
    ],
)
def test_sandbox(source: str) -> None:
    """What reaches for Python's insides, or changes the event, is refused when it is rendered."""
    with pytest.raises(TemplateError, match="not allowed"):
        render(source, variables())


@pytest.mark.parametrize(
    "source",
    [
        "{{ 1 / 0 }}",
        "{{ [][5] + 1 }}",
        "{{ session_name + 'x' }}",
        "{{ nosuch.field() }}",
        "{{ range(1000000000) }}",
        "{% include 'other' %}",
        "{{ 'a' * 1000000000000000 }}",
        "{{ 'a'.ljust(1000000000000000) }}",
        "{{ cycler() }}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% for x in [[1]] recursive %}{{ loop([x]) }}{% endfor %}",
        "{% for a in [1] %}" * 30 + "{% endfor %}" * 30 + "{{ 1 / 0 }}",
    ],
)
def test_failing_template(source: str) -> None:
    """Whatever fails while a template renders is told as the template's error, and as nothing else."""
    with pytest.raises(TemplateError):
        render(source, variables())


def test_oversize_message() -> None:
    """A message may have the limit's bytes and not one more, counted as UTF-8."""
    source = "{% for _ in items %}{{ 'é' * 512 }}{% endfor %}"
    limit = MAX_RENDERED_BYTES // 1024
    assert len(render(source, lists(*range(limit))).encode()) == MAX_RENDERED_BYTES
    with pytest.raises(TemplateError, match=str(MAX_RENDERED_BYTES)):
        render(source + ".", lists(*range(limit)))


def test_endless_output_is_cut() -> None:
    """A template that would print for ages is stopped when the limit is reached."""
    source = "{% for _ in range(200) %}{% for _ in range(200) %}12345678{% endfor %}{% endfor %}"
    with pytest.raises(TemplateError, match=str(MAX_RENDERED_BYTES)):
        render(source, variables())


def test_a_loop_takes_an_absent_list_for_an_empty_one() -> None:
    """A loop over an optional list that the event does not have renders nothing, and its else branch."""
    source = "{% for item in items %}- {{ item }}{% else %}none{% endfor %}"
    absent = context(Event("e-1", "custom.made", NOW, {}), {"items": None})
    assert render(source, absent) == "none"
    assert render(source, lists("a", "b")) == "- a- b"
