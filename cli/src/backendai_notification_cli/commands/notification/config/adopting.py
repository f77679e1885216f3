"""Find what the keys of a file stand for among what exists."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from backendai_notification_cli.commands.notification.config.asking import PATH, faults_of_list
from backendai_notification_cli.commands.notification.config.configuration import Configuration
from backendai_notification_cli.commands.notification.config.plans import SECTION_OF, noun
from backendai_notification_cli.commands.notification.config.references import literal
from backendai_notification_cli.errors import CliError, Refused
from backendai_notification_cli.files.building import Fault
from backendai_notification_cli.http import mute_names, names
from backendai_notification_cli.http.service import connect
from backendai_notification_cli.terminal.visible import visible

if TYPE_CHECKING:
    from backendai_notification_cli.http.api import Api

MAX_SHOWN = 5
"""How many candidates a fault lists."""

PORTION = 200
"""How many objects one request adopts: each is written by itself, and a request has less than 30 s."""

Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """What is to be adopted. ``managed``, ``new``: how many are the set's already, and do not exist yet."""

    objects: Sequence[Mapping[str, str]]
    names: Sequence[str]
    managed: int
    new: int


def found(configuration: Configuration, given: Mapping[str, Sequence[str]]) -> Found:
    """Find what each key of a file stands for. ``given``: ``KEY=ID`` by kind, where somebody said it.

    Raises:
        CliError: something is named twice, or a key is not in the file.
    """
    api, faults = connect(), list[Fault]()
    objects: list[Mapping[str, str]] = []
    shown: list[str] = []
    managed = new = 0
    for kind, section in SECTION_OF.items():
        entries = configuration.given.get(section) or {}
        meant = _meant(configuration, kind, given.get(kind, ()))
        existing = _existing(api, kind) if entries else []
        for key, entry in entries.items():
            items = _meant_by(existing, kind, key, entry, meant.get(key))
            own = [item for item in existing if _set_of(item) == (configuration.set, key)]
            if own and (key not in meant or items == own):
                managed += 1
            elif len(items) == 1:
                objects.append({"kind": kind, "key": key, "id": _id(items[0], kind)})
                shown.append(_name(items[0], kind))
            elif items:
                place = (section, key)
                faults.append(Fault(configuration.document.line(place), place, _several(items, kind, key)))
            else:
                new += 1
    if faults:
        raise configuration.document.faulty(faults)
    return Found(objects, shown, managed, new)


def _meant(configuration: Configuration, kind: str, options: Sequence[str]) -> dict[str, str]:
    """Return the ids that options name, by key."""
    made: dict[str, str] = {}
    known = configuration.given.get(SECTION_OF[kind]) or {}
    for option in options:
        key, equals, text = option.partition("=")
        if not equals or not text.strip():
            raise click.UsageError(f"'{option}' of --{kind} must be KEY=ID, as in --{kind} ops=Ops.")
        if key not in known:
            raise CliError(f"--{kind}: {configuration.document.path} has no {kind} '{key}'", *known)
        find = mute_names.find_mute if kind == "mute" else _finder(kind)
        made[key] = find(text)
    return made


def _finder(kind: str) -> Any:
    return lambda text: names.find_id(names.NAMED[kind], text)


def _existing(api: "Api", kind: str) -> list[dict[str, Any]]:
    if kind in names.NAMED:
        return names.NAMED[kind].every(api, {})
    if kind == "mute":
        return [*api.records("mutes", "/notifications/mutes", {})]
    return [
        item for item in api.items("event_types", "/notifications/event-types") if not item.get("built_in")
    ]


def _meant_by(
    existing: Sequence[Item], kind: str, key: str, entry: Any, identity: str | None
) -> Sequence[Item]:
    """Return what a key may stand for. ``identity``: of what somebody said that it is."""
    if identity is None:
        wanted = _wanted(kind, key, entry)
        return [item for item in existing if item.get("managed") is None and _name(item, kind) == wanted]
    # What is not there is asked for too, since the service says so then.
    unseen = {"id": identity, "name": identity, "reason": identity}
    return [item for item in existing if item.get("id") == identity] or [unseen]


def _wanted(kind: str, key: str, entry: Any) -> str:
    named = {"channel": "name", "rule": "name", "mute": "reason"}.get(kind, "")
    return literal(str((entry.get(named) if isinstance(entry, dict) else None) or key))


def _name(item: Item, kind: str) -> str:
    return str(item.get("reason" if kind == "mute" else "name"))


def _id(item: Item, kind: str) -> str:
    return str(item.get("name" if kind == "event_type" else "id"))


def _set_of(item: Item) -> tuple[Any, Any]:
    managed = item.get("managed") or {}
    return managed.get("set"), managed.get("key")


def _several(items: Sequence[Item], kind: str, key: str) -> str:
    ids = [_id(item, kind) for item in items]
    more = f" and {len(ids) - MAX_SHOWN} more" if len(ids) > MAX_SHOWN else ""
    return f"may be any of {', '.join(ids[:MAX_SHOWN])}{more}: say which with --{kind} {key}=ID"


def lines(made: Found) -> Iterator[str]:
    """Say what would be adopted, and what of the file is left."""
    for each, name in zip(made.objects, made.names, strict=True):
        yield visible(f"{noun(each['kind'])} {each['key']}: {name} ({each['id']})")
    yield f"{len(made.objects)} to adopt, {made.managed} of the set already, {made.new} new"


def actions(made: Found) -> Iterator[Item]:
    """Say the same for programs: what would be done with which objects."""
    for each, name in zip(made.objects, made.names, strict=True):
        yield {"action": "adopt", **each, "name": name}


def adopt(configuration: Configuration, made: Found) -> dict[str, Any]:
    """Have the service note that the set manages these, so many at a time that each request ends in time."""
    adopted: list[dict[str, Any]] = []
    unchanged = made.managed
    for first in range(0, len(made.objects), PORTION):
        portion = made.objects[first : first + PORTION]
        body = {"set": configuration.set, "objects": [*portion]}
        try:
            reply = connect().call("POST", f"{PATH}/adopt", body)
        except Refused as refused:
            raise _explained(configuration, portion, refused) from None
        adopted += reply.get("adopted") or ()
        unchanged += reply.get("unchanged") or 0
    return {"adopted": adopted, "unchanged": unchanged}


def _explained(
    configuration: Configuration, portion: Sequence[Mapping[str, str]], refused: Refused
) -> CliError:
    """Name the entries of the file that have the faults; the service only numbers them."""
    faults = []
    for number, told in faults_of_list(refused, "objects"):
        place = (SECTION_OF[portion[number]["kind"]], portion[number]["key"])
        faults.append(Fault(configuration.document.line(place), place, told))
    return configuration.document.faulty(faults) if faults else refused
