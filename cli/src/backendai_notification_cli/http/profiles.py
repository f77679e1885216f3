"""Profiles: settings under a name, each in a file that only its owner may read."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

import click

from backendai_notification_cli.errors import CliError
from backendai_notification_cli.http import PROFILE_VARIABLE

VARIABLE = PROFILE_VARIABLE
OPTION = "--profile"
DEFAULT = "default"
LOCAL = "local"
"""The name of the local stack, whose settings `make up` writes."""

USED = "'configure use'"
MAX_NAME_CHARS = 64
_NAME = re.compile(rf"[A-Za-z0-9][A-Za-z0-9._-]{{0,{MAX_NAME_CHARS - 1}}}")
_SUFFIX = ".env"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A profile, and what chose it; empty if nobody did."""

    name: str
    by: str = ""


def folder() -> Path:
    """Return the folder of what the command line keeps."""
    base = os.environ.get("XDG_CONFIG_HOME")
    return (Path(base) if base else Path.home() / ".config") / "backend.ai-notification"


def path(name: str) -> Path:
    """Return the path of a profile's file."""
    return folder() / "env" if name == DEFAULT else folder() / "profiles" / f"{name}{_SUFFIX}"


def checked(name: str) -> str:
    """Return a name if a profile can have it.

    Raises:
        CliError: it cannot.
    """
    if not _NAME.fullmatch(name):
        raise CliError(
            f"'{name}' cannot be a profile's name: expected up to {MAX_NAME_CHARS} letters, digits, '.', '_'"
            " and '-'"
        )
    return name


def names() -> list[str]:
    """List the profiles that are configured, the default one first."""
    try:
        found = sorted(file.name.removesuffix(_SUFFIX) for file in (folder() / "profiles").iterdir())
    except (FileNotFoundError, NotADirectoryError):
        found = []
    return ([DEFAULT] if path(DEFAULT).exists() else []) + [name for name in found if _NAME.fullmatch(name)]


def named() -> Chosen | None:
    """Return the profile that the command's own option or the variable names; None if none does.

    The variable wins over BACKEND_ENDPOINT and its like, which may be meant for Backend.AI's manager.
    """
    context = click.get_current_context(silent=True)
    option = context.find_root().params.get("profile") if context else None
    if option is not None:  # an empty one, of a variable that is not set, must not mean another stack
        return Chosen(checked(option), OPTION)
    variable = os.environ.get(VARIABLE)
    return Chosen(checked(variable), VARIABLE) if variable else None


def in_use() -> Chosen:
    """Return the profile that `configure use` chose, or the default one."""
    try:
        name = _used().read_text(encoding="utf-8").strip()
    except (FileNotFoundError, NotADirectoryError):
        return Chosen(DEFAULT)
    except (OSError, UnicodeDecodeError) as error:
        raise CliError(f"Cannot read {_used()}: {error}") from None
    return Chosen(checked(name), USED)


def use(name: str) -> None:
    """Have commands that name no profile use this one."""
    try:
        folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        _used().write_text(f"{name}\n", encoding="utf-8")
    except OSError as error:
        raise CliError(f"Cannot write {_used()}: {error.strerror}") from None


def unknown(chosen: Chosen) -> CliError:
    """Return the error that a profile which was chosen is not configured."""
    by = f", which {chosen.by} names," if chosen.by else ""
    if chosen.name == LOCAL:
        return CliError(f"The profile 'local'{by} is that of the local stack: start it with 'make up' first")
    known = names()
    listed = f"There are: {', '.join(known)}" if known else "There is only 'local', that of the local stack"
    return CliError(
        f"The profile '{chosen.name}'{by} is not configured",
        listed,
        f"To make it: configure --profile {chosen.name} --stack-name NAME",
    )


def _used() -> Path:
    return folder() / "profile"
