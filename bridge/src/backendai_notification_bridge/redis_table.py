"""Backend.AI's own ``[redis]`` settings, as its manager's TOML file has them.

As in ``ai.backend.common.configs.redis``: each key may be written with ``-`` or ``_``, an address as text or
as a table, Sentinel's addresses as one text or a list.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from backendai_notification_bridge.core.errors import WrongSettings

_TAKEN = ("addr", "sentinel", "service_name", "password", "sentinel_password", "use_tls", "tls_skip_verify")


def read_toml(path: Path, setting: str) -> dict[str, Any]:
    """Read a TOML file, which a setting names.

    Raises:
        WrongSettings: it cannot be read.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise WrongSettings(f"{setting}: {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongSettings(f"{setting}: {path}: {error}") from error


def redis_table(path: Path) -> Any:
    """Read the ``[redis]`` of the manager's file.

    Raises:
        WrongSettings: it cannot be read, or has none.
    """
    document = read_toml(path, "redis_from")
    if "redis" not in document:
        raise WrongSettings(f"redis_from: {path} has no [redis]")
    return document["redis"]


def valkey_from(table: Mapping[str, Any]) -> dict[str, Any]:
    """Turn ``[redis]`` into the settings of ``[valkey]``.

    ``override_configs.stream`` is another whole configuration, for the streams alone, and comes first.

    Raises:
        WrongSettings: an address is neither text nor a table of host and port.
    """
    chosen = _underscored(table)
    overrides = _underscored(_table(chosen.get("override_configs")))
    if overrides.get("stream"):
        chosen = _underscored(_table(overrides["stream"]))
    taken = {name: chosen[name] for name in _TAKEN if chosen.get(name) not in (None, "", [])}
    if "addr" in taken:
        taken["addr"] = _address(taken["addr"])
    if "sentinel" in taken:
        taken["sentinel"] = _addresses(taken["sentinel"])
        taken.pop("addr", None)  # the manager ignores it then
    return taken


def _underscored(table: Mapping[str, Any]) -> dict[str, Any]:
    return {name.replace("-", "_"): value for name, value in table.items()}


def _table(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _addresses(value: Any) -> list[str]:
    parts = value.split(",") if isinstance(value, str) else value
    return [_address(part) for part in (parts if isinstance(parts, list) else [parts])]


def _address(value: Any) -> str:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, Mapping) and "host" in value and "port" in value:
        return f"{value['host']}:{value['port']}"
    raise WrongSettings("redis: an address is neither HOST:PORT nor a table of host and port")
