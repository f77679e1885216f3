"""Read the entries of a document as the requests that would create them, with the place of each fault."""

import re
from collections.abc import Collection, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from configuration_api.faults import Faults, Place
from configuration_api.models import KEY_RULE, NAME
from configuration_api.testing_models import TestIn
from notifications.api.requests.channels import ChannelIn
from notifications.api.requests.event_types import EventTypeIn
from notifications.api.requests.mutes import MuteIn
from notifications.api.requests.rules import RuleIn
from notifications.core.nearest import hint

M = TypeVar("M", bound=BaseModel)

_TAGS = {"webhook", "email", "name", "delays"}
"""The names of alternatives that pydantic adds to the place of a fault; they are no members of a document."""

NOT_BOOLEAN = "Input should be a valid boolean: true or false"

NOBODY = "00000000-0000-4000-8000-000000000000"
"""The channel id that stands in a rule's request until its channel has been found."""

_RULE_MEMBERS = (RuleIn.model_fields.keys() - {"channel_id", "event_filter"}) | {"channel"}
_MUTE_MEMBERS = (MuteIn.model_fields.keys() - {"channel_id", "rule_id"}) | {"channel", "rule"}


class Reader:
    """Read entries and note their faults. Each method returns None for an entry that has one."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults

    def channel(self, key: str, entry: Any) -> ChannelIn | None:
        """Read a channel."""
        given = self._given(("channels", key), entry, ChannelIn.model_fields.keys())
        if given is None:
            return None
        spec = given.get("spec")
        if isinstance(spec, dict):
            given["spec"] = spec = _without_null(spec)
            if "smtp" in spec:
                given.setdefault("channel_type", "email")
        return self._validated(ChannelIn, {"name": key} | given, ("channels", key))

    def event_type(self, name: str, entry: Any) -> EventTypeIn | None:
        """Read an event type."""
        place = ("event_types", name)
        given = self._given(place, entry, EventTypeIn.model_fields.keys() - {"name"})
        return None if given is None else self._validated(EventTypeIn, {"name": name} | given, place)

    def rule(self, key: str, entry: Any) -> tuple[RuleIn | None, Any]:
        """Read a rule; return also the reference to its channel, as written."""
        place = ("rules", key)
        given = self._given(place, entry, _RULE_MEMBERS)
        if given is None:
            return None, None
        channel = given.pop("channel", None)
        if channel is None:
            self._faults.add((*place, "channel"), "say to which channel the rule sends")
        request = self._validated(RuleIn, {"name": key, "channel_id": NOBODY} | _listed(given), place)
        return request, channel

    def mute(self, key: str, entry: Any) -> tuple[MuteIn | None, Mapping[str, Any]]:
        """Read a mute; return also its references ``rule`` and ``channel``, as written."""
        place = ("mutes", key)
        given = self._given(place, entry, _MUTE_MEMBERS)
        if given is None:
            return None, {}
        named: dict[str, Any] = {name: given.pop(name) for name in ("rule", "channel") if name in given}
        return self._validated(MuteIn, _listed(given), place), named

    def test(self, number: int, entry: Any) -> TestIn | None:
        """Read a test."""
        place = ("tests", number)
        given = self._members(place, entry, TestIn.model_fields.keys())
        return None if given is None else self._validated(TestIn, given, place)

    def _given(self, place: Place, entry: Any, members: Collection[str]) -> dict[str, Any] | None:
        """Return an entry's members without nulls; None if its key is invalid, or it has no members."""
        if place[0] != "event_types" and not re.fullmatch(NAME, str(place[1])):
            self._faults.add(place, KEY_RULE)
            return None
        return self._members(place, entry, members)

    def _members(self, place: Place, entry: Any, members: Collection[str]) -> dict[str, Any] | None:
        if not isinstance(entry, dict):
            self._faults.add(place, "expected members, like 'name: ...'")
            return None
        self._check_names(place, entry, members)
        return {name: part for name, part in entry.items() if part is not None and name in members}

    def _validated(self, model: type[M], given: dict[str, Any], place: Place) -> M | None:
        try:
            made = model.model_validate(given)
        except ValidationError as error:
            for fault in error.errors():
                message = fault["msg"].removeprefix("Value error, ")
                missing = fault["loc"][-1:] if fault["type"] == "missing" else ()
                way = fault["loc"][: len(fault["loc"]) - len(missing)]
                self._faults.add((*place, *_place_of(way, given), *missing), message)
            return None
        return made if self._all_known(made, given, place) else None

    def _all_known(self, made: BaseModel, given: Mapping[str, Any], place: Place) -> bool:
        """Note unknown members of an entry's parts, and booleans that are not written as such."""
        before = len(self._faults)
        for name in type(made).model_fields:
            if name in given:
                self._check_part(getattr(made, name), given[name], (*place, name))
        return len(self._faults) == before

    def _check_part(self, part: Any, written: Any, place: Place) -> None:
        if isinstance(part, bool) and not isinstance(written, bool):
            # The API's routes also take yes, on and 1. YAML's readers disagree about these, so a file may
            # not.
            self._faults.add(place, NOT_BOOLEAN)
        if not isinstance(written, dict):
            return
        if isinstance(part, BaseModel):
            self._check_names(place, written, type(part).model_fields.keys())
            self._all_known(part, written, place)
        elif isinstance(part, dict):
            for key, inner in part.items():
                if key in written:
                    self._check_part(inner, written[key], (*place, key))

    def _check_names(self, place: Place, given: Mapping[str, Any], members: Collection[str]) -> None:
        for name in given:
            if name not in members:
                near = hint(str(name), members) or f"; there are: {', '.join(sorted(members))}"
                self._faults.add((*place, name), f"there is no such member{near}")


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


def _place_of(loc: Place, given: Any) -> Place:
    """Return the place of a fault in an entry, without the names of alternatives that pydantic tried."""
    place: list[str | int] = []
    for part in loc:
        has = isinstance(given, dict) and part in given
        if part in _TAGS and not has:
            continue
        place.append(part)
        if isinstance(given, dict):
            given = given.get(part)
        elif isinstance(given, list) and isinstance(part, int) and part < len(given):
            given = given[part]
        else:
            given = None
    return tuple(place)
