"""Files of KEY=VALUE lines, with values quoted as a shell quotes them."""

import os
import shlex
from collections.abc import Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile

from backendai_notification_cli.errors import CliError


def parse(text: str, name: str) -> dict[str, str]:
    """Read KEY=VALUE lines; blank lines and `#` comments are skipped."""
    values = {}
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip().removeprefix("export ")
        if not line or line.startswith("#"):
            continue
        key, equals, value = line.partition("=")
        try:
            words = shlex.split(value)
        except ValueError:
            words = ["", ""]
        if not equals or not key.strip() or len(words) > 1:
            raise CliError(f"{name}, line {number}: expected KEY=VALUE")
        values[key.strip()] = "".join(words)
    return values


def dump(values: Mapping[str, str]) -> str:
    """Write KEY=VALUE lines."""
    return "".join(f"{key}={shlex.quote(value)}\n" for key, value in values.items())


def load(path: Path) -> dict[str, str] | None:
    """Read a file; None if there is none."""
    try:
        return parse(path.read_text(encoding="utf-8"), str(path))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except UnicodeDecodeError:
        raise CliError(f"{path} is not UTF-8 text") from None
    except OSError as error:
        raise CliError(f"Cannot read {path}: {error.strerror}") from None


def save(path: Path, values: Mapping[str, str]) -> None:
    """Replace a file of values in one step; only its owner may read it."""
    replace(path, dump(values))


def replace(path: Path, text: str) -> None:
    """Replace a file in one step; only its owner may read it."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.parent.chmod(0o700)
        # A temporary file is made with mode 0600, so the secret is never readable by others.
        with NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
            try:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
                Path(file.name).replace(path)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        raise CliError(f"Cannot write {path}: {error.strerror}") from None


def remove(path: Path) -> bool:
    """Delete a file; False if there was none."""
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise CliError(f"Cannot remove {path}: {error.strerror}") from None
    return True
