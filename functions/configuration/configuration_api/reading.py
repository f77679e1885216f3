"""Read the entries of a document as the requests that would create them, with the place of each fault."""

import re
from collections.abc import Collection, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel

from configuration_api import lenient
from configuration_api.faults import Faults, Place
from configuration_api.models import KEY_RULE, NAME
from configuration_api.testing_models import TestIn
from notifications.api.requests.channels import ChannelIn, kind_fault
from notifications.api.requests.event_types import EventTypeIn
from notifications.api.requests.mutes import MuteIn
from notifications.api.requests.rules import RuleIn
from notifications.core.nearest import hint

M = TypeVar("M", bound=BaseModel)

NOT_BOOLEAN = "Input should be a valid boolean: true or false"

NOBODY = "00000000-0000-4000-8000-000000000000"
"""The channel id that stands in a rule's request until its channel has been found."""

_RULE_MEMBERS = (RuleIn.model_fields.keys() - {"channel_id", "event_filter"}) | {"channel"}
_MUTE_MEMBERS = (MuteIn.model_fields.keys() - {"channel_id", "rule_id"}) | {"channel", "rule"}


_UNNAMED = "-"
_URL = "https://example.com/"
_WEBHOOK: Mapping[str, Any] = {"name": _UNNAMED, "spec": {"url": _URL}, "spec.url": _URL}
_SMTP: Mapping[str, Any] = {"host": "example.com", "port": 587}
_MESSAGE: Mapping[str, Any] = {"from_email": "a@example.com", "to_emails": ["a@example.com"]}
_EMAIL: Mapping[str, Any] = {
    "name": _UNNAMED,
    "spec": {"smtp": _SMTP, "message": _MESSAGE},
    "spec.smtp": _SMTP,
    "spec.message": _MESSAGE,
    **{f"spec.smtp.{name}": part for name, part in _SMTP.items()},
    **{f"spec.message.{name}": part for name, part in _MESSAGE.items()},
}
_EVENT_TYPE: Mapping[str, Any] = {
    "name": "unnamed",
    "json_schema": {"type": "object", "properties": {}},
}
_RULE: Mapping[str, Any] = {"name": _UNNAMED, "rule_type": _UNNAMED}
_MUTE: Mapping[str, Any] = {"reason": _UNNAMED, "weekly": ["sun 00:00-01:00 UTC"]}
_EVENT: Mapping[str, Any] = {"rule_type": _UNNAMED}
_TEST: Mapping[str, Any] = {"name": _UNNAMED, "event": _EVENT, "event.rule_type": _UNNAMED}
"""What is put in the place of required members that have faults, by the members' paths."""


class Reader:
    """Read entries and note their faults. Each method returns None only for an entry without members."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults

    def channel(self, key: str, entry: Any) -> ChannelIn | None:
        """Read a channel."""
        place = ("channels", key)
        given = self._given(place, entry, ChannelIn.model_fields.keys())
        if given is None:
            return None
        spec = given.get("spec")
        if isinstance(spec, dict):
            given["spec"] = spec = _without_null(spec)
            given["channel_type"] = self._kind(given, spec, place)
        stand_ins = _EMAIL if given.get("channel_type") == "email" else _WEBHOOK
        return self._validated(ChannelIn, _named(key) | given, place, stand_ins)

    def _kind(self, given: Mapping[str, Any], spec: Mapping[str, Any], place: Place) -> Any:
        """Return the type that a channel's spec is of; note a fault if the entry names another one."""
        named = given.get("channel_type")
        if named is not None and not isinstance(named, str):
            return named
        meant = "" if named is None else named.strip().lower()
        kind = "email" if "smtp" in spec or (meant == "email" and "url" not in spec) else "webhook"
        told = kind_fault(meant, kind) if meant else None
        if told is not None:
            self._faults.add((*place, "channel_type"), told)
        return kind

    def event_type(self, name: str, entry: Any) -> EventTypeIn | None:
        """Read an event type."""
        place = ("event_types", name)
        given = self._given(place, entry, EventTypeIn.model_fields.keys() - {"name"})
        if given is None:
            return None
        return self._validated(EventTypeIn, {"name": name} | given, place, _EVENT_TYPE)

    def rule(self, key: str, entry: Any) -> tuple[RuleIn | None, Any]:
        """Read a rule; return also the reference to its channel, as written."""
        place = ("rules", key)
        given = self._given(place, entry, _RULE_MEMBERS)
        if given is None:
            return None, None
        channel = given.pop("channel", None)
        if channel is None:
            self._faults.add((*place, "channel"), "say to which channel the rule sends")
        whole = _named(key) | {"channel_id": NOBODY} | _listed(given)
        return self._validated(RuleIn, whole, place, _RULE), channel

    def mute(self, key: str, entry: Any) -> tuple[MuteIn | None, Mapping[str, Any]]:
        """Read a mute; return also its references ``rule`` and ``channel``, as written."""
        place = ("mutes", key)
        given = self._given(place, entry, _MUTE_MEMBERS)
        if given is None:
            return None, {}
        named: dict[str, Any] = {name: given.pop(name) for name in ("rule", "channel") if name in given}
        return self._validated(MuteIn, _listed(given), place, _MUTE), named

    def test(self, number: int, entry: Any) -> TestIn | None:
        """Read a test."""
        place = ("tests", number)
        given = self._members(place, entry, TestIn.model_fields.keys())
        return None if given is None else self._validated(TestIn, given, place, _TEST)

    def _given(self, place: Place, entry: Any, members: Collection[str]) -> dict[str, Any] | None:
        """Return an entry's members without nulls; None if its key is invalid, or it has no members."""
        if place[0] != "event_types" and not re.fullmatch(NAME, str(place[1])):
            self._faults.add(place, KEY_RULE)
        return self._members(place, entry, members)

    def _members(self, place: Place, entry: Any, members: Collection[str]) -> dict[str, Any] | None:
        if not isinstance(entry, dict):
            self._faults.add(place, "expected members, like 'name: ...'")
            return None
        self._check_names(place, entry, members)
        return {name: part for name, part in entry.items() if part is not None and name in members}

    def _validated(
        self, model: type[M], given: dict[str, Any], place: Place, stand_ins: Mapping[str, Any]
    ) -> M | None:
        made = lenient.read(model, given, place, self._faults, stand_ins)
        if made is not None:
            self._check_all(made, given, place)
        return made

    def _check_all(self, made: BaseModel, given: Mapping[str, Any], place: Place) -> None:
        """Note unknown members of an entry's parts, and booleans that are not written as such."""
        for name in type(made).model_fields:
            if name in given:
                self._check_part(getattr(made, name), given[name], (*place, name))

    def _check_part(self, part: Any, written: Any, place: Place) -> None:
        if isinstance(part, bool) and not isinstance(written, bool):
            # The API's routes also take yes, on and 1. YAML's readers disagree about these, so a file may
            # not.
            self._faults.add(place, NOT_BOOLEAN)
        if not isinstance(written, dict):
            return
        if isinstance(part, BaseModel):
            self._check_names(place, written, type(part).model_fields.keys())
            self._check_all(part, written, place)
        elif isinstance(part, dict):
            for key, inner in part.items():
                if key in written:
                    self._check_part(inner, written[key], (*place, key))

    def _check_names(self, place: Place, given: Mapping[str, Any], members: Collection[str]) -> None:
        for name in given:
            if name not in members:
                near = hint(str(name), members) or f"; there are: {', '.join(sorted(members))}"
                self._faults.add((*place, name), f"there is no such member{near}")


def _named(key: str) -> dict[str, Any]:
    """Return the name of an entry that gives none. An invalid key is a fault of its own."""
    return {"name": key if re.fullmatch(NAME, key) else _UNNAMED}


def _listed(given: dict[str, Any]) -> dict[str, Any]:
    """Make a list of a single clause."""
    where = given.get("where")
    return given | {"where": [where]} if isinstance(where, str) else given


def _without_null(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out the nulls of a spec, except those of headers: these must not be lost silently."""
    return {
        name: _without_null(part) if name in {"smtp", "message", "auth"} and isinstance(part, dict) else part
        for name, part in spec.items()
        if part is not None
    }
