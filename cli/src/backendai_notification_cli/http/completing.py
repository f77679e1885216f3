"""What a shell offers for a half-written name, id or field, kept for a moment so that TAB answers soon."""

import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from click.shell_completion import CompletionItem

from backendai_notification_cli.errors import CliError
from backendai_notification_cli.http import envfile, settings

if TYPE_CHECKING:
    from backendai_notification_cli.http.api import Api

Choices = Sequence[tuple[str, str]]
"""The values to offer, each with its description."""

FRESH_SECONDS = 30
"""For how long an answer of the service is offered again without asking."""

TIMEOUT_SECONDS = 2
OFFERED = 200
"""How many of each kind are offered: nobody looks through more."""

EVENT_TYPES = "/notifications/event-types"
CUT_ID = 13
"""How much of an id is offered: two of its groups."""


def subjects(noun: str, incomplete: str) -> list[CompletionItem]:
    """Offer the names and ids of a kind of thing."""
    return _items(_kept(noun), incomplete)


def event_fields(incomplete: str) -> list[CompletionItem]:
    """Offer the fields of events: of the types that are named on the command's line, or of all."""
    fields = _kept("field")
    # Click parses no arguments before an option whose value is still missing, so the line itself is asked.
    types = {kind for kind, _ in fields} & {*os.environ.get("COMP_WORDS", "").split()}
    found = [name for kind, name in fields if not types or kind in types]
    front, comma, last = incomplete.rpartition(",")
    return [CompletionItem(f"{front}{comma}{name}") for name in dict.fromkeys(found) if name.startswith(last)]


def sets(incomplete: str) -> list[str]:
    """Offer the sets that manage something."""
    return [name for name in _parts_of_sets() if name.startswith(incomplete)]


def managed(incomplete: str) -> list[str]:
    """Offer what the set manages that is named on the command's line, as ``rule/failed``."""
    line = {*os.environ.get("COMP_WORDS", "").split()}
    keys = [key for name, found in _parts_of_sets().items() if name in line for key in found]
    return [key for key in keys if key.startswith(incomplete)]


def _parts_of_sets() -> dict[str, list[str]]:
    parts: dict[str, list[str]] = {}
    for name, key in _kept("set"):
        parts.setdefault(name, []).append(key)
    return parts


def _items(choices: Choices, incomplete: str) -> list[CompletionItem]:
    folded = incomplete.casefold()
    return [CompletionItem(text, help=told) for text, told in choices if text.casefold().startswith(folded)]


def _kept(noun: str) -> Choices:
    """Return what there is, from the file if that is fresh; nothing if the service does not answer soon."""
    try:
        found = settings.load()
        file = _folder() / f"{noun}-{_digest(found)}.json"
        if (kept := _read(file)) is not None:
            return kept
        # Imported only here, because kept values are offered without it, and importing it takes the longest.
        from backendai_notification_cli.http.api import Api

        choices = [*_asked(noun, Api(found, timeout=TIMEOUT_SECONDS))]
        envfile.replace(file, json.dumps(choices))
    except CliError:  # a shell shows no errors while somebody types
        return []
    return choices


def _folder() -> Path:
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "backend.ai-notification"


def _digest(found: settings.Settings) -> str:
    from hashlib import sha256

    return sha256(f"{found.endpoint} {found.access_key}".encode()).hexdigest()[:16]


def _read(file: Path) -> Choices | None:
    try:
        if time.time() - file.stat().st_mtime > FRESH_SECONDS:
            return None
        return [(str(text), str(told)) for text, told in json.loads(file.read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError):
        return None


def _asked(noun: str, api: "Api") -> Iterator[tuple[str, str]]:
    if noun in {"channel", "rule"}:
        return _named(noun, api)
    if noun in {"event", "delivery"}:
        return _recorded(noun, api)
    kinds = {"mute": _mutes, "event-type": _event_types, "keypair": _keypairs, "field": _fields, "set": _sets}
    return kinds[noun](api)


def _named(noun: str, api: "Api") -> Iterator[tuple[str, str]]:
    from backendai_notification_cli.http import names

    found = names.NAMED[noun].every(api, {}, OFFERED)
    yield from ((str(item.get("name")), _about(item)) for item in found)
    yield from ((str(item.get("id"))[:CUT_ID], str(item.get("name"))) for item in found)


def _recorded(noun: str, api: "Api") -> Iterator[tuple[str, str]]:
    from backendai_notification_cli.http import record_ids

    record = record_ids.EVENT if noun == "event" else record_ids.DELIVERY
    for item in api.records(record.key, record.path, {}, OFFERED):
        yield str(item.get("id")), f"{item.get('status')} {item.get('created_at')}"


def _mutes(api: "Api") -> Iterator[tuple[str, str]]:
    for item in api.records("mutes", "/notifications/mutes", {"ended": "true"}, OFFERED):
        yield str(item.get("id"))[:CUT_ID], f"{item.get('reason')} {item.get('state')}"


def _event_types(api: "Api") -> Iterator[tuple[str, str]]:
    for item in api.items("event_types", EVENT_TYPES):
        yield str(item.get("name")), str(item.get("description") or "")


def _keypairs(api: "Api") -> Iterator[tuple[str, str]]:
    """Yield the keypairs that changed something: the API has no list of them."""
    entries = api.records("entries", "/notifications/audit", {}, OFFERED)
    authors = [entry["by"] for entry in entries if entry.get("by")]
    for key, name in dict.fromkeys((str(by.get("access_key")), str(by.get("name") or "")) for by in authors):
        yield key, name
        if name:
            yield name, key


def _fields(api: "Api") -> Iterator[tuple[str, str]]:
    """Yield each field of an event type after the type."""
    for item in api.items("event_types", EVENT_TYPES):
        for name in (item.get("json_schema") or {}).get("properties") or ():
            yield str(item.get("name")), str(name)


def _sets(api: "Api") -> Iterator[tuple[str, str]]:
    """Yield each set that manages something with the kind and the key of that."""
    from backendai_notification_cli.http import names

    kinds = (
        ("channel", names.CHANNEL.every(api, {})),
        ("event-type", api.items("event_types", EVENT_TYPES)),
        ("rule", names.RULE.every(api, {})),
        ("mute", api.records("mutes", "/notifications/mutes", {})),
    )
    for kind, found in kinds:
        for item in found:
            if by := item.get("managed"):
                yield str(by.get("set")), f"{kind}/{by.get('key')}"


def _about(item: Mapping[str, Any]) -> str:
    kind = item.get("rule_type") or item.get("channel_type")
    return f"{kind} {str(item.get('id'))[:CUT_ID]}"
