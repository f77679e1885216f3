"""A plan as people read it: what is created, changed and deleted, member by member."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import click

from backendai_notification_cli.commands.notification.config.configuration import Configuration
from backendai_notification_cli.commands.notification.config.hiding import MASK
from backendai_notification_cli.commands.notification.revisions import COLOURS, text_of, unified
from backendai_notification_cli.files.building import Place
from backendai_notification_cli.files.document import spelled
from backendai_notification_cli.terminal.visible import visible

SECTION_OF = {"channel": "channels", "event_type": "event_types", "rule": "rules", "mute": "mutes"}
SIGNS = {"create": "+", "update": "~", "delete": "-"}
_COLOURS = {"create": "green", "update": "yellow", "delete": "red"}
_INDENT = "      "

Change = Mapping[str, Any]


def noun(kind: object) -> str:
    """Return what people call a kind of thing."""
    return str(kind).replace("_", " ")


def without_secrets(plan: Mapping[str, Any], configuration: Configuration) -> dict[str, Any]:
    """Return a plan in which what the file refers to is shown as the reference."""
    changes = [_change(change, configuration) for change in plan.get("changes") or ()]
    warnings = configuration.hidden.value(plan.get("warnings") or [])
    return {**plan, "changes": changes, "warnings": warnings}


def _change(change: Change, configuration: Configuration) -> dict[str, Any]:
    hidden, around = configuration.hidden, (SECTION_OF.get(str(change["kind"]), ""), change["key"])
    guarded = [spelled(place[2:]) for place in configuration.guarded if tuple(place[:2]) == around]
    given = {spelled(place): value for place, value in _inside(_entry(configuration, around))}

    def difference(each: Mapping[str, Any]) -> dict[str, Any]:
        path = str(each["path"])
        if any(_touch(path, one) for one in guarded):
            before = None if each.get("before") is None else MASK
            return {**each, "before": before, "after": given.get(path, MASK)}
        return {**each, "before": hidden.value(each.get("before")), "after": hidden.value(each.get("after"))}

    return {
        **change,
        "name": hidden.value(change.get("name")),
        "differences": [difference(each) for each in change.get("differences") or ()],
        "warnings": hidden.value(change.get("warnings") or []),
    }


def _entry(configuration: Configuration, around: tuple[str, str]) -> Any:
    return (configuration.given.get(around[0]) or {}).get(around[1])


def _inside(value: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Yield a value and all that is inside, with the way to it."""
    yield place, value
    members: Sequence[tuple[str | int, Any]] = ()
    if isinstance(value, dict):
        members = [*value.items()]
    elif isinstance(value, list):
        members = [*enumerate(value)]
    for key, member in members:
        yield from _inside(member, (*place, key))


def _touch(one: str, other: str) -> bool:
    """Whether one of two paths leads into the other."""
    shorter, longer = sorted((one, other), key=len)
    return longer == shorter or longer.startswith((f"{shorter}.", f"{shorter}["))


def lines(plan: Mapping[str, Any]) -> Iterator[str]:
    """Write a plan, in colours."""
    changes = plan["changes"]
    for warning in plan["warnings"]:
        yield from (click.style(f"! {visible(warning)}", fg="yellow"), "")
    for change in changes:
        yield from _change_lines(change)
        yield ""
    if changes:
        yield click.style(f"Plan: {counted(changes)}.", bold=True)
    else:
        yield f"No changes: the set '{visible(plan.get('set'))}' is as the file says."


def counted(changes: Sequence[Change], words: Sequence[str] = ("to create", "to change", "to delete")) -> str:
    """Count changes by what they do: ``2 to create, 1 to change, 0 to delete``."""
    number = Counter(change["action"] for change in changes)
    return ", ".join(f"{number[action]} {word}" for action, word in zip(SIGNS, words, strict=True))


def _change_lines(change: Change) -> Iterator[str]:
    action, name = str(change["action"]), change.get("name")
    called = f' "{visible(name)}"' if name not in {None, change["key"]} else ""
    heading = f"{SIGNS.get(action, '?')} {action} {noun(change['kind'])} {visible(change['key'])}"
    yield "  " + click.style(heading, fg=_COLOURS.get(action), bold=True) + called
    # What a deletion takes away is in the revisions.
    for each in change["differences"] if action != "delete" else ():
        yield from _difference_lines(each, new=action == "create")
    for warning in change["warnings"]:
        yield _INDENT + click.style(f"! {visible(warning)}", fg="yellow")


def _difference_lines(each: Mapping[str, Any], *, new: bool) -> Iterator[str]:
    path, values = visible(each["path"]), (each.get("before"), each.get("after"))
    texts = [None if value is None else text_of(value) for value in values]
    if new and not texts[1]:
        return  # nothing becomes nothing
    if any(text is not None and "\n" in text for text in texts):
        yield f"{_INDENT}{path}:"
        for line in unified(*texts):
            if not (new and line.startswith("@")):  # all of it is new
                yield f"{_INDENT}  {click.style(line, fg=COLOURS.get(line[:1]))}"
    elif new:
        yield f"{_INDENT}{path}: {_short(values[1])}"
    else:
        yield f"{_INDENT}{path}: {_short(values[0])} -> {_short(values[1])}"


def _short(value: object) -> str:
    if value is None:
        return "nothing"
    if value == MASK:
        return "(secret)"
    return f'"{visible(value)}"' if isinstance(value, str) else visible(text_of(value))
