"""Names inside of fields, of events of a digest, and of what filters make of them are checked when saved."""

import pytest

from notifications.core.errors import TemplateError
from notifications.core.model import Digest, EventType, OncePer
from notifications.core.rule_types import BUILT_IN
from notifications.core.templates import check
from notifications.core.templating.compiling import CACHE
from notifications.core.variables import DIGEST, names_besides
from tests.samples.configuration import event_type, rule
from tests.speed import yardsticks

STARTED = BUILT_IN["session.started"]
WITH_BOTH = names_besides(rule(once_per=OncePer(60), digest=Digest("5m")))
AGENT = {"type": "object", "properties": {"id": {}, "keys": {}, "my-slot": {}}, "additionalProperties": False}
AGENTS = event_type({"agents": {"anyOf": [{"type": "array", "items": AGENT}, {"type": "null"}]}})
OPEN = event_type({"a": {}, "events": {"type": "array", "items": AGENT}}, additionalProperties=True)
MIXED = event_type({"a": {**AGENT, "type": ["object", "string"]}, "b": {**AGENT, "type": ["object", "null"]}})


def refused(source: str, kind: EventType = STARTED, besides: frozenset[str] = WITH_BOTH) -> str:
    """Return why a template is refused."""
    with pytest.raises(TemplateError) as caught:
        check(source, kind, "text", besides)
    return caught.value.message


@pytest.mark.parametrize(
    ("source", "name", "nearest"),
    [
        ("{{ events[0].sesion_id }}", "events[0].sesion_id", "events[0].session_id"),
        ("{{ events[-1].sesion_id }}", "events[-1].sesion_id", "events[-1].session_id"),
        ("{{ events[count].sesion_id }}", "events[count].sesion_id", "events[count].session_id"),
        ("{{ first.sesion_id }}", "first.sesion_id", "first.session_id"),
        ("{{ last['sesion_id'] }}", "last.sesion_id", "last.session_id"),
        ("{{ last.context.projct }}", "last.context.projct", "last.context.project"),
        ("{{ first.data.statuss }}", "first.data.statuss", "first.data.status"),
        ("{{ events.session_id }}", "events.session_id", "events[0].session_id"),
        ("{% for e in events %}{{ e.statuss }}{% endfor %}", "e.statuss", "e.status"),
        ("{% for e in events[:5] %}{{ e.statuss }}{% endfor %}", "e.statuss", "e.status"),
        ("{% for e in events if e.statuss %}{% endfor %}", "e.statuss", "e.status"),
        ("{% for e in events or [] %}{{ e.statuss }}{% endfor %}", "e.statuss", "e.status"),
        ("{% for e in events | reverse | list %}{{ e.statuss }}{% endfor %}", "e.statuss", "e.status"),
        ("{% for es in events | batch(3) %}{{ es[0].statuss }}{% endfor %}", "es[0].statuss", "es[0].status"),
        ("{% set e = events | last %}{{ e.statuss }}", "e.statuss", "e.status"),
        ("{% with e = first %}{{ e.statuss }}{% endwith %}", "e.statuss", "e.status"),
        ("{% macro m() %}{{ first.statuss }}{% endmacro %}{{ m() }}", "first.statuss", "first.status"),
        ("{{ (events | first).statuss }}", "statuss", "status"),
        ("{{ events | sort(attribute='status,statuss') }}", "statuss", "status"),
        ("{{ events | sort(false, false, 'statuss') }}", "statuss", "status"),
        ("{{ events | map(attribute='context.projct') | join }}", "context.projct", "context.project"),
        ("{{ events | selectattr('statuss') | list }}", "statuss", "status"),
        ("{{ events | rejectattr('statuss', 'eq', 'x') | list }}", "statuss", "status"),
        ("{{ events | sum(attribute='repeatss') }}", "repeatss", "repeats"),
        ("{{ events | join(', ', 'statuss') }}", "statuss", "status"),
        ("{% for k, es in events | groupby('statuss') %}{% endfor %}", "statuss", "status"),
        (
            "{% for k, es in events | groupby('status') %}{% for e in es %}{{ e.statuss }}"
            + 2 * "{% endfor %}",
            *("e.statuss", "e.status"),
        ),
        (
            "{% for g in events | groupby('context') %}{{ g.grouper.projct }}{% endfor %}",
            *("g.grouper.projct", "g.grouper.project"),
        ),
        (
            "{% for g in events | groupby('status') %}{{ g.list[0].statuss }}{% endfor %}",
            *("g.list[0].statuss", "g.list[0].status"),
        ),
        (
            "{% for c in events | map(attribute='context') %}{{ c.projct }}{% endfor %}",
            "c.projct",
            "c.project",
        ),
    ],
)
def test_unknown_names_of_events(source: str, name: str, nearest: str) -> None:
    """A name that no event of the type has is refused as plain names are, with its line and the nearest."""
    assert refused(f"\n{source}") == (
        f"line 2: {name!r} is not a field of session.started; the nearest is {nearest!r}"
    )


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("{{ agents.id }}", "'agents.id' is not a field of custom.made; the nearest is 'agents[0].id'"),
        (
            "{% for a in agents %}{{ a.di }}{% endfor %}",
            "'a.di' is not a field of custom.made; the nearest is",
        ),
        ("{{ agents[0].myslot }}", "the nearest is agents[0]['my-slot']"),
        ("{{ agents[0].keys }}", "agents[0].keys is a method; the field is agents[0]['keys']"),
        ("{{ first['agentss'] }}", "the nearest is 'first.agents'"),
        ("{{ first.count }}", "'first.count' is not a field of custom.made"),
    ],
)
def test_unknown_names_in_lists(source: str, told: str) -> None:
    """Items of a type's own lists are known, too; names that need brackets are told so."""
    assert told in refused(source, AGENTS)


@pytest.mark.parametrize(
    "source",
    [
        "{{ first.session_id }}{{ last.rule_type }}{{ events[0].timestamp.day }}{{ events[1].repeats }}",
        "{{ events | length }}{{ events.count(first) }}{{ (context | list).index('project') }}",
        "{% for e in events %}{{ e.items() | list }}{{ e.get('x') }}{{ e.keys }}{% endfor %}",
        "{% for e in events %}{{ loop.previtem.x }}{% endfor %}",
        "{% for e in [first, last] %}{{ e.x }}{% endfor %}{{ (first if count else last).x }}",
        "{% for e in events %}{% set e = {'x': 1} %}{{ e.x }}{% endfor %}",
        "{% set e = first %}{% if count > 1 %}{% set e = {'x': 1} %}{% endif %}{{ e.x }}",
        "{% macro m(e) %}{{ e.x }}{% endmacro %}{{ m(first) }}{% set e = first %}",
        "{% macro m() %}{{ e.x }}{% endmacro %}{% set e = first %}{% set e = {'x': 1} %}{{ m() }}",
        "{% for e in events recursive %}{{ e.x }}{{ loop([{'x': 1}]) }}{% endfor %}",
        "{% set e %}{{ first.status }}{% endset %}{{ e.x }}{% set ns = namespace(e=first) %}{{ ns.e.x }}",
        "{{ (events | map('upper') | first).x }}",
        "{{ (events | map(attribute='context', default={}) | first).x }}",
        "{% for k, v in first.items() %}{{ k.x }}{{ v.x }}{% endfor %}{{ first.session_id.upper() }}",
        "{% for k in first.context %}{{ k.x }}{% endfor %}{{ first.context[status].x }}",
        "{{ key.context.project }}{{ events[0][status] }}",
    ],
)  # fmt: skip
def test_what_is_not_plainly_unknown_is_taken(source: str) -> None:
    """Methods, computed names, and whatever could be something else than an event are not refused."""
    assert check(source, STARTED, "text", WITH_BOTH) is None  # type: ignore[func-returns-value]


def test_open_types() -> None:
    """Where a schema allows other fields, brackets read them; a mixed value is not taken for an object."""
    check(
        "{{ data['other'] }}{{ first['other'] }}{{ events | map(attribute='other') }}", OPEN, "text", DIGEST
    )
    assert "'first.other' is not a field" in refused("{{ first.other }}", OPEN, DIGEST)
    check("{{ a.upper() }}", MIXED)
    assert "'b.upper' is not a field" in refused("{{ b.upper() }}", MIXED, frozenset())


def test_a_field_of_the_same_name() -> None:
    """Without a digest a field called events is the type's own, and with one it is hidden."""
    check("{{ events[0].id }}", OPEN)
    assert "the nearest is" not in refused("{{ events[0].di }}", OPEN, DIGEST)
    assert "the nearest is 'events[0].id'" in refused("{{ events[0].di }}", OPEN, frozenset())


def test_repeats_are_of_rules_with_once_per() -> None:
    """Events of a digest have their repeats only if the rule counts them."""
    assert "'first.repeats' is not a field" in refused("{{ first.repeats }}", besides=DIGEST)


@pytest.mark.parametrize("names", ["." * 60_000, "context." * 8_000, ",".join("0" * 30_000)])
def test_long_attributes_are_not_followed(names: str) -> None:
    """However many names an attribute has, the check takes hardly longer than compiling."""

    def checked() -> None:
        CACHE.clear()
        check(f"{{{{ events | sort(attribute='{names}') }}}}", STARTED, "text", WITH_BOTH)

    assert yardsticks(checked, limit=250) < 250


@pytest.mark.parametrize(
    "source",
    [
        "{% if status %}{% set x = 1 %}{% else %}{% set x = 2 %}{% endif %}{{ x }}",
        "{% if status %}{% set x = 1 %}{% elif session_id %}{% set x = 2 %}{% endif %}{{ x or '-' }}",
        "{% for e in [1] %}{% if e %}{% set x %}a{% endset %}{% endif %}{{ x }}{% endfor %}",
        "{% macro m() %}{% if status %}{% set x = 1 %}{% endif %}{{ x }}{% endmacro %}",
        "{% if status %}{% macro m() %}a{% endmacro %}{{ m() }}{% endif %}",
    ],
)
def test_variables_that_branches_set_are_taken(source: str) -> None:
    """A variable that only a branch sets is the template's own, not a field that is missing."""
    assert check(source, STARTED) is None  # type: ignore[func-returns-value]
