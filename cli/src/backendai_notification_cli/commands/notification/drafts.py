"""Drafts of rules: files with rules as they might be, which stand in for stored ones or beside them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backendai_notification_cli.errors import CliError, Refused
from backendai_notification_cli.files.building import Place
from backendai_notification_cli.files.document import FileDocument, read
from backendai_notification_cli.terminal.inputs import read_text

MAX_DRAFTS = 100
"""How many drafts a file may have, as many as the service takes at once."""

TEXTS = ("id", "name", "description", "rule_type", "channel", "channel_id", "message_template")
FLAGS = ("enabled", "observe")
PARTS = ("message", "once_per", "digest")
KEYS = (*TEXTS, "template_file", *FLAGS, *PARTS, "condition", "event_filter", "where")
"""What a draft may have: what a rule has when it is created, ``channel`` by name, and a template's file."""

_PART_EXAMPLES = {
    "message": "{title: ...}",
    "once_per": "{period: 10m}",
    "digest": "{period: 5m}",
}

FILE_KEYS = ("rules", "tests")
"""What a file with several drafts may have; ``tests`` is for ``simulate --tests``."""

_SERVED = re.compile(r"(?:body\.)?rules\.(\d+)(?:\.(\w+))?[\w.]*: (.*)", re.DOTALL)
"""How the service says which draft, and which key of it, is at fault."""


@dataclass(frozen=True, slots=True)
class Drafts:
    """The drafts of a file, as the API takes them; ``places``: where each stands in the file."""

    document: FileDocument
    rules: Sequence[Mapping[str, Any]]
    places: Sequence[Place]

    def explained(self, refused: Refused) -> CliError:
        """Say where in the file the fault is that the service found, if it is in a draft."""
        found = _SERVED.fullmatch(refused.served)
        if found is None or int(found[1]) >= len(self.places):
            return refused
        key = found[2] or ""
        if key == "message_template" and "template_file" in self._given(int(found[1])):
            key = "template_file"
        return self.document.fault((*self.places[int(found[1])], *([key] if key else [])), found[3])

    def _given(self, number: int) -> Mapping[str, Any]:
        value = self.document.value
        for key in self.places[number]:
            value = value[key]
        return value if isinstance(value, dict) else {}


def load(path: str) -> Drafts:
    """Read the drafts of a file: one rule, or several as ``rules:``.

    Raises:
        CliError: with file, line and key.
    """
    document = read(path)
    value = document.value
    if isinstance(value, dict) and "rules" in value:
        document.check_keys((), value, FILE_KEYS)
        return listed(document, ("rules",), value["rules"])
    return Drafts(document, [_draft(document, (), value)], [()])


def listed(document: FileDocument, place: Place, value: Any) -> Drafts:
    """Read a list of drafts inside a file.

    Raises:
        CliError: with file, line and key.
    """
    if not isinstance(value, list) or not value:
        raise document.fault(place, "must be a list of rules")
    if len(value) > MAX_DRAFTS:
        raise document.fault(place, f"has {len(value)} rules, {MAX_DRAFTS} are allowed")
    places = [(*place, number) for number in range(len(value))]
    return Drafts(document, [_draft(document, *each) for each in zip(places, value, strict=True)], places)


def _draft(document: FileDocument, place: Place, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise document.fault(place, "a rule must be an object, like {name: ..., message_template: ...}")
    document.check_keys(place, value, KEYS)
    for key, kind in (*((key, str) for key in TEXTS), *((key, bool) for key in FLAGS)):
        if key in value and not isinstance(value[key], kind):
            wanted = "true or false" if kind is bool else "a text"
            raise document.fault((*place, key), f"must be {wanted}")
    _check_objects(document, place, value)
    made = {key: given for key, given in value.items() if key != "template_file"}
    if "template_file" in value:
        if "message_template" in value:
            raise document.fault((*place, "template_file"), "give it or message_template, not both")
        made["message_template"] = document.named_file(
            (*place, "template_file"), value["template_file"], read_text
        )
    return made


def _check_objects(document: FileDocument, place: Place, value: Mapping[str, Any]) -> None:
    where = value.get("where", [])
    if not isinstance(where, list) or not all(isinstance(clause, str) for clause in where):
        raise document.fault((*place, "where"), "must be a list of clauses, like [session_type=batch]")
    for key in ("condition", "event_filter"):
        if not isinstance(value.get(key, {}), dict):
            raise document.fault((*place, key), "must be an object, like {session_type: [batch]}")
    for key in PARTS:
        if not isinstance(value.get(key, {}), dict):
            raise document.fault((*place, key), f"must be an object, like {_PART_EXAMPLES[key]}")
