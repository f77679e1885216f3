"""A file as the configuration of a set: what it says, with and without its secrets, and its faults."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from backendai_notification_cli.commands.notification.config.hiding import Hidden
from backendai_notification_cli.commands.notification.config.references import (
    Reference,
    Unreadable,
    joined,
    parts,
    replaced,
    texts,
)
from backendai_notification_cli.commands.notification.config.sources import AwsOptions, Sources
from backendai_notification_cli.errors import CliError, Refused
from backendai_notification_cli.files.building import Fault, Place
from backendai_notification_cli.files.document import FileDocument, read_with_faults
from backendai_notification_cli.http.wording import plain
from backendai_notification_cli.terminal.inputs import read_text

SECTIONS = ("channels", "event_types", "rules", "mutes")
TESTS = "tests"
KEYS = ("set", *SECTIONS, TESTS)
FAULTS = "/notification-configuration-faults"
_SHAPES: Mapping[str, tuple[type, str]] = {"set": (str, "a text"), TESTS: (list, "a list of tests")}
_SET = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_SET_TOLD = (
    "has letters in lower case, digits, '.', '_' and '-', up to 64, and begins with one of the first two"
)
_BOOLEANS: Mapping[str, str] = {
    **dict.fromkeys(("true", "yes", "on", "y", "t", "1"), "true"),
    **dict.fromkeys(("false", "no", "off", "n", "f", "0"), "false"),
}
"""What people write for a boolean, and what is read as one."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """What a file says of a set.

    ``digest``: of the file's text. ``given``: its sections as they are written; ``body``: with the secrets.
    ``guarded``: the places of texts with references; ``unresolved``: of those that lead nowhere. ``faults``:
    what keeps it from being applied; ``whole``: whether no section or entry is lost to them, so
    that the service can look for more.
    """

    document: FileDocument
    digest: str
    given: Mapping[str, Any]
    body: Mapping[str, Any]
    hidden: Hidden
    guarded: Sequence[Place]
    faults: Sequence[Fault] = ()
    unresolved: frozenset[tuple[str | int, ...]] = frozenset()
    whole: bool = True

    @property
    def set(self) -> str:
        """Return the set's name."""
        return str(self.given["set"])

    @property
    def wanted(self) -> dict[str, Any]:
        """Return what the service is to have, as it takes it: the tests are no part of it."""
        return {key: value for key, value in self.body.items() if key != TESTS}

    def check(self) -> None:
        """Raise the faults, if there are any.

        Raises:
            CliError: with all of them.
        """
        if self.faults:
            raise self.document.faulty(self.faults)

    def explained(self, refused: Refused) -> CliError:
        """Say where in the file the faults are that the service found, beside those that were known."""
        if str(refused.problem.get("type")).endswith(FAULTS):
            data = refused.problem.get("data") or {}
            served = [*self._served(data.get("errors") or ())]
            told = self.document.faulty([*self.faults, *served])
            if data.get("shortened"):
                told.details = (*told.details, "and more, which are told when these are gone")
            return told
        if self.faults:
            return self.document.faulty(self.faults)
        lines = (self.hidden.text(line) for line in (refused.message, *refused.details))
        return Refused(
            refused.status, *lines, served=self.hidden.text(refused.served), problem=refused.problem
        )

    def _served(self, errors: Sequence[Mapping[str, Any]]) -> Iterator[Fault]:
        for error in errors:
            place = tuple(error.get("loc") or ())
            # The value is still the reference itself, which is neither a URL nor anything else that is
            # expected.
            if any(place[: len(each)] == each or each[: len(place)] == place for each in self.unresolved):
                continue
            message = plain(self.hidden.text(str(error.get("msg", ""))))
            yield Fault(self.document.line(place), place, _hinted(_at(self.given, place), message))


def load(path: str, options: AwsOptions | None) -> Configuration:
    """Read a file and look its secrets up; without ``options`` they are left as they are written.

    Raises:
        CliError: it is no configuration, with all faults if the service cannot find more of them.
    """
    text = read_text(path)
    document = read_with_faults(path, text)
    value = document.value
    if not isinstance(value, dict) or "set" not in value:
        raise document.fault((), "a configuration must have `set:`, the name of the set that it is")
    faults = [*document.faults, *document.unknown_keys((), value, KEYS)]
    given = {key: value[key] for key in KEYS if key == "set" or value.get(key) is not None}
    faults += _shapes(document, given)
    # The service would miss a section or an entry that is lost wherever it is named.
    whole = all(len(fault.place) > 1 for fault in document.faults)
    whole = whole and not any(fault.place == ("set",) for fault in faults)
    resolved = _Resolved(given) if options is None else _resolved(document, given, options)
    return Configuration(
        document,
        sha256(text.encode()).hexdigest(),
        given,
        resolved.body,
        Hidden(resolved.found.values()),
        resolved.guarded,
        (*faults, *resolved.faults),
        frozenset(tuple(fault.place) for fault in resolved.faults),
        whole,
    )


def _shapes(document: FileDocument, given: Mapping[str, Any]) -> Iterator[Fault]:
    for key, value in given.items():
        kind, wanted = _SHAPES.get(key, (dict, "an object: keys, and what they stand for"))
        if not isinstance(value, kind):
            yield Fault(document.line((key,)), (key,), f"must be {wanted}")
        elif key == "set" and not _SET.fullmatch(str(value)):
            yield Fault(document.line((key,)), (key,), f"a set's name {_SET_TOLD}")


@dataclass(frozen=True, slots=True)
class _Resolved:
    body: Mapping[str, Any]
    found: Mapping[Reference, str] = field(default_factory=dict)
    guarded: Sequence[Place] = ()
    faults: Sequence[Fault] = ()


def _resolved(document: FileDocument, given: Mapping[str, Any], options: AwsOptions) -> _Resolved:
    """Look up what the texts refer to, each thing once."""
    read: dict[str, list[str | Reference]] = {}
    guarded: list[Place] = []
    faults: list[Fault] = []
    for place, text in texts(given):
        try:
            read[text] = parts(text)
        except Unreadable as error:
            faults.append(Fault(document.line(place), place, str(error)))
        else:
            if any(isinstance(part, Reference) for part in read[text]):
                guarded.append(place)
    named = dict.fromkeys(part for made in read.values() for part in made if isinstance(part, Reference))
    found, missing = Sources(document.beside, options).find(named)
    for place, text in texts(given):
        lost = [part for part in read.get(text, ()) if isinstance(part, Reference) and part in missing]
        faults += [Fault(document.line(place), place, f"{part}: {missing[part]}") for part in lost]
    body = replaced(given, {text: joined(made, found) for text, made in read.items()})
    return _Resolved(body, found, guarded, faults)


def _at(value: Any, place: Place) -> Any:
    for key in place:
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def _hinted(value: Any, message: str) -> str:
    """Add to a fault what YAML makes of a value that is written as people think it."""
    if "true or false" in message and (meant := _BOOLEANS.get(str(value).lower())):
        if not isinstance(value, str):
            return f"{message}: {value} is a number, write {meant}"
        bare = " without quotes" if value.lower() == meant else ""
        return f'{message}: "{value}" is a text, write {meant}{bare}'
    # A key may be all digits, which YAML reads as a number where another entry refers to it.
    if ("must be a text" in message or "a key of this" in message) and isinstance(value, int | float):
        # How it was written is not known any more: 007 is 7 by now.
        return f"{message}: put it in quotes"
    return message
