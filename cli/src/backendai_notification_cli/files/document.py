"""A file in YAML or JSON: its value as JSON has it, and the lines where its parts stand.

Whatever JSON cannot express is refused: keys that are not strings, tags, a key that appears twice.
"""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from backendai_notification_cli.errors import CliError
from backendai_notification_cli.files.building import Building, Fault, Part, Place, Spot, Unbounded
from backendai_notification_cli.files.json_parts import NotJson, is_json, json_parts, require_json
from backendai_notification_cli.files.yaml_parts import NotYaml, yaml_parts
from backendai_notification_cli.nearest import hint
from backendai_notification_cli.terminal.inputs import read_text

JSON_SUFFIX = ".json"
"""How the name of a file ends that must be JSON: what else reads it takes no YAML."""

MAX_CHARS = 4 * 1024 * 1024
"""How long a file may be: YAML of that length takes a second or two."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FileDocument:
    """The content of a file. ``path``: its name, as the command was given it. ``root``: where it says it.

    ``faults``: what it says wrongly; the value is without that.
    """

    path: str
    value: Any
    root: Spot
    faults: Sequence[Fault] = ()

    def fault(self, place: Place, message: str) -> CliError:
        """Make the error about a value, with the file, the line and the way to it."""
        return CliError(self.told(Fault(self.line(place), place, message)))

    def told(self, fault: Fault) -> str:
        """Write a fault as a line: ``prod.yaml:7: rules.failed.where: must be ...``."""
        name = spelled(fault.place)
        return f"{self.path}:{fault.line}: {name}{': ' if name else ''}{fault.message}"

    def faulty(self, faults: Iterable[Fault]) -> CliError:
        """Make the error about all faults, in the order of the file."""
        lines = [*dict.fromkeys(self.told(fault) for fault in sorted(faults, key=lambda fault: fault.line))]
        if len(lines) == 1:
            return CliError(lines[0])
        return CliError(f"{self.path} has {len(lines)} faults", *lines)

    def check_keys(self, place: Place, value: Mapping[str, Any], known: Sequence[str]) -> None:
        """Refuse a key that is not known, with the nearest one."""
        for fault in self.unknown_keys(place, value, known):
            raise self.faulty([fault])

    def unknown_keys(self, place: Place, value: Mapping[str, Any], known: Sequence[str]) -> list[Fault]:
        """Return a fault for each key that is not known, with the nearest one."""

        def fault(key: str) -> Fault:
            near = hint(key, known) or f"; there are: {', '.join(known)}"
            return Fault(self.line((*place, key)), (*place, key), f"is not a key here{near}")

        return [fault(key) for key in value if key not in known]

    def named_file(self, place: Place, name: Any, reader: Callable[[str], T]) -> T:
        """Read a file whose name is a value here, relative to this file.

        Raises:
            CliError: it is no name, or the file cannot be read.
        """
        if not isinstance(name, str):
            raise self.fault(place, "must be a file's name")
        try:
            return reader(self.beside(name))
        except CliError as error:
            raise self.fault(place, error.message) from None

    def beside(self, name: str) -> str:
        """Return the path of a file that is named relative to this one."""
        folder = "" if self.path == "-" else os.path.dirname(self.path)  # noqa: PTH120 - pathlib takes 10 ms
        return os.path.join(folder, name)  # noqa: PTH118 - see above

    def line(self, place: Place) -> int:
        """Return the line of a value, or of the last part of the way to it that there is."""
        spot = self.root
        for key in place:
            inner: Any = spot.inner
            there = key in inner if isinstance(inner, Mapping) else isinstance(key, int) and key < len(inner)
            if not there:
                break
            spot = inner[key]
        return spot.line


def read(path: str) -> FileDocument:
    """Read a file; ``-`` is standard input.

    Raises:
        CliError: it is neither YAML nor JSON, or says what JSON cannot; with the lines of all faults.
    """
    document = read_with_faults(path)
    if document.faults:
        raise document.faulty(document.faults)
    return document


def read_with_faults(path: str, text: str | None = None) -> FileDocument:
    """Read a file, whatever its faults. ``text``: what it holds, if that was read already.

    Raises:
        CliError: it is neither YAML nor JSON, or has no bounds.
    """
    text = read_text(path) if text is None else text
    if len(text) > MAX_CHARS:
        raise CliError(f"{path}: it has {len(text):,} characters, {MAX_CHARS:,} are allowed")
    building = Building()
    try:
        built = building.build(_parts(path, text))
    except NotJson as error:
        told = f"{path}:{error.line}:{error.column}: it is not JSON: {error}"
        raise CliError(told, *([error.meant] if error.meant else [])) from None
    except Unbounded as error:
        raise CliError(f"{path}:{error.line}: {error}") from None
    except NotYaml as error:
        line = "" if error.line is None else f":{error.line}"
        raise CliError(f"{path}{line}: it is not YAML or JSON: {error}") from None
    if built is None:
        raise CliError(f"{path}: it is empty")
    return FileDocument(path, *built, building.faults)


def _parts(path: str, text: str) -> Iterable[Part]:
    """Take a text apart as what it is.

    Raises:
        NotJson: the name of its file says that it is.
    """
    must_be_json = path.lower().endswith(JSON_SUFFIX) and bool(text.strip())
    if must_be_json:
        require_json(text)
    return json_parts(text) if must_be_json or is_json(text) else yaml_parts(text)


def spelled(place: Place) -> str:
    """Write the way to a value: ``rules[0].name``."""
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in place).removeprefix(".")
