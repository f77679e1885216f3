"""A plan that was shown, kept in a file, so that nothing else is applied. It has no secrets."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from hashlib import sha256
from pathlib import Path
from typing import Any

from backendai_notification_cli.commands.notification.config.configuration import Configuration
from backendai_notification_cli.errors import CliError
from backendai_notification_cli.terminal.inputs import json_object, read_text

FORMAT = 1


@dataclass(frozen=True, slots=True)
class KeptPlan:
    """What a plan was made of, and what it shows.

    ``file``, ``changes``: digests of the file's text, and of the changes as they were shown. ``version``: of
    what the service had.
    """

    set: str
    file: str
    version: str
    changes: str
    prune: bool
    format: int = FORMAT

    def check(self, now: "KeptPlan") -> None:
        """Refuse to apply anything but what the plan shows.

        Raises:
            CliError: with what has changed since.
        """
        for has_changed, told in (
            (now.set != self.set, f"The plan is of the set '{self.set}', the file of '{now.set}'"),
            (now.file != self.file, "The file has changed since the plan was made"),
            (now.version != self.version, "What the service has was changed since the plan was made"),
            (now.changes != self.changes, "Something else would be changed now than the plan says"),
        ):
            if has_changed:
                raise CliError(f"{told}: make a new plan")


def kept(configuration: Configuration, plan: Mapping[str, Any], *, prune: bool) -> KeptPlan:
    """Return what is kept of a plan, which has no secrets any more."""
    # A viewer's plan warns of credentials that it could not compare: that is no other plan.
    shown = [
        {name: part for name, part in change.items() if name != "warnings"} for change in plan["changes"]
    ]
    digest = sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()
    return KeptPlan(configuration.set, configuration.digest, str(plan["version"]), digest, prune)


def require_other(path: str, file: str) -> None:
    """Refuse to write a plan over the file that it is made of.

    Raises:
        CliError: it is the same file.
    """
    try:
        is_same = Path(path).samefile(file)
    except OSError:  # one of them is not there
        return
    if is_same:
        raise CliError(f"--out {path} is the file itself: name another one for the plan")


def write(path: str, plan: KeptPlan) -> None:
    """Write a plan to a file."""
    try:
        Path(path).write_text(f"{json.dumps(asdict(plan), indent=2)}\n", encoding="utf-8")
    except OSError as error:
        raise CliError(f"Cannot write {path}: {error.strerror}") from None


def read(path: str) -> KeptPlan:
    """Read a plan.

    Raises:
        CliError: the file has none.
    """
    text = read_text(path)
    try:
        value = json_object(text, "plan")
    except CliError:
        value = {}
    names = {field.name for field in fields(KeptPlan)}
    if value.keys() != names or value["format"] != FORMAT:
        raise CliError(f"{path} is not a plan: 'config plan --out' writes one")
    return KeptPlan(**value)
