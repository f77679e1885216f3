"""The bridge's settings: flags, then environment, a TOML file, and the manager's own ``[redis]``."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from backendai_notification_bridge.core.context import CONTEXT_FIELDS
from backendai_notification_bridge.core.entry import MakeOptions
from backendai_notification_bridge.core.errors import WrongSettings
from backendai_notification_bridge.manager.graphql import Manager
from backendai_notification_bridge.redis_table import read_toml, redis_table, valkey_from
from backendai_notification_bridge.settings_texts import CaFile, address, listed, told, unknown_variable, url

PREFIX = "BACKENDAI_BRIDGE_"
NESTED = "__"

GIB = 1024**3
MIN_SPOOL_BYTES = 16 * 1024**2

Port = Annotated[int, Field(ge=0, le=65_535)]
Words = Annotated[tuple[str, ...], NoDecode]
"""In the environment a list is words separated by commas."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ValkeySettings(_Section):
    """Backend.AI's Valkey or Redis: at ``addr``, or the master of ``service_name`` by ``sentinel``."""

    addr: str | None = None
    sentinel: Words = ()
    service_name: str | None = None
    password: SecretStr | None = None
    sentinel_password: SecretStr | None = None
    use_tls: bool = False
    tls_skip_verify: bool = False
    ca_file: CaFile | None = None
    database: int = Field(default=4, ge=0)
    lock_database: int = Field(default=15, ge=0)
    start: Literal["new", "oldest"] = "new"

    @field_validator("addr")
    @classmethod
    def _addr(cls, value: str | None) -> str | None:
        return None if value is None else address(value)

    @field_validator("sentinel", mode="before")
    @classmethod
    def _sentinel(cls, value: Any) -> Any:
        return tuple(address(part) for part in listed(value))

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.sentinel and not self.service_name:
            raise ValueError("sentinel needs service_name")
        if bool(self.addr) == bool(self.sentinel):
            raise ValueError("set either addr (HOST:PORT) or sentinel")
        return self


class ManagerSettings(_Section):
    """The manager's API, for a session's name, type and owner. Without a keypair it is not asked."""

    endpoint: str | None = None
    access_key: str | None = None
    secret_key: SecretStr | None = None
    timeout_seconds: float = Field(default=10, gt=0, le=60)
    ca_file: CaFile | None = None

    @field_validator("endpoint")
    @classmethod
    def _endpoint(cls, value: str | None) -> str | None:
        return url(value) if value else None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        parts = {"endpoint": self.endpoint, "access_key": self.access_key, "secret_key": self.secret_key}
        missing = [name for name, value in parts.items() if not value]
        if missing and len(missing) < len(parts):
            raise ValueError(f"{missing[0]} is missing")
        return self


class SpoolSettings(_Section):
    """The file that keeps everything that was read until the bus has it."""

    file: Path = Path("/var/lib/backendai-notification-bridge/spool.db")
    max_bytes: int = Field(default=GIB, ge=MIN_SPOOL_BYTES)


class BusSettings(_Section):
    """The event bus: ``name`` is its name or ARN, the stack's output ``EventBusName``."""

    name: str = Field(min_length=1)
    region: str | None = None
    endpoint_url: str | None = None


class HealthSettings(_Section):
    """Where health and metrics are served; port 0 for nowhere."""

    host: str = "127.0.0.1"
    port: Port = 8118


class ContextSettings(_Section):
    """The data about a session's owner and resources that leave the cluster."""

    enabled: bool = True
    fields: Words = tuple(sorted(CONTEXT_FIELDS))

    @field_validator("fields", mode="before")
    @classmethod
    def _fields(cls, value: Any) -> Any:
        names = listed(value)
        unknown = [name for name in names if name not in CONTEXT_FIELDS]
        if unknown:
            raise ValueError(f"{unknown[0]!r} is none of {', '.join(sorted(CONTEXT_FIELDS))}")
        return tuple(names)


class Settings(BaseSettings):
    """All settings. ``redis_from``: the manager's TOML file, whose ``[redis]`` is used."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter=NESTED, extra="forbid", frozen=True, env_ignore_empty=True
    )

    valkey: ValkeySettings
    bus: BusSettings
    manager: ManagerSettings = ManagerSettings()
    spool: SpoolSettings = SpoolSettings()
    health: HealthSettings = HealthSettings()
    context: ContextSettings = ContextSettings()
    redis_from: Path | None = None

    def options(self) -> MakeOptions:
        """Return the makers' options."""
        return MakeOptions(frozenset(self.context.fields) if self.context.enabled else frozenset())

    def sessions(self) -> Manager | None:
        """Return the manager's API, None without a keypair."""
        manager = self.manager
        if not (manager.endpoint and manager.access_key and manager.secret_key):
            return None
        keypair = (manager.access_key, manager.secret_key.get_secret_value())
        return Manager(manager.endpoint, keypair, manager.timeout_seconds, manager.ca_file)


def load(file: Path | None, **flags: Any) -> Settings:
    """Load the settings. ``flags``: by section and name, as in ``valkey__addr``; None is unset.

    Raises:
        WrongSettings: names the setting that is missing, unknown or wrong, in one line.
    """
    given = _nested(flags)
    written = read_toml(file, "config") if file else {}
    own_redis = written.pop("redis", None)
    other = given.get("redis_from") or os.environ.get(f"{PREFIX}REDIS_FROM") or written.get("redis_from")
    redis = redis_table(Path(str(other))) if other else own_redis
    unknown = unknown_variable(os.environ, PREFIX, Settings.model_fields)
    if unknown:
        raise WrongSettings(f"{unknown}: there is no such setting")
    found = valkey_from(redis) if isinstance(redis, dict) else {}
    if _PLACE & _valkey_settings(given, written):
        found = {name: value for name, value in found.items() if name not in _PLACE}
    try:
        return _from(written, {"valkey": found} if found else {}, given)
    except ValidationError as error:
        raise WrongSettings(told(error)) from None
    except SettingsError as error:
        raise WrongSettings(str(error)) from None


_PLACE = frozenset({"addr", "sentinel", "service_name"})
"""The settings that locate Valkey. If any is set elsewhere, those of ``[redis]`` do not count."""


def _from(written: dict[str, Any], redis: dict[str, Any], given: dict[str, Any]) -> Settings:
    class Loaded(Settings):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,
            file_secret_settings: PydanticBaseSettingsSource,
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            del dotenv_settings, file_secret_settings
            below = (InitSettingsSource(settings_cls, init_kwargs=values) for values in (written, redis))
            return (init_settings, env_settings, *below)

    return Loaded(**given)


def _nested(flags: Mapping[str, Any]) -> dict[str, Any]:
    nested: dict[str, Any] = {}
    for name, value in flags.items():
        section, _, field = name.partition(NESTED)
        if value is None:
            continue
        if field:
            nested.setdefault(section, {})[field] = value
        else:
            nested[section] = value
    return nested


def _valkey_settings(given: Mapping[str, Any], written: Mapping[str, Any]) -> set[str]:
    """Return the names of the settings of ``[valkey]`` that are set anywhere."""
    start = f"{PREFIX}VALKEY{NESTED}"
    named = {
        name.removeprefix(start).lower()
        for name, value in os.environ.items()
        if name.startswith(start) and value
    }
    for source in (given, written):
        section = source.get("valkey")
        named |= section.keys() if isinstance(section, Mapping) else set()
    return named
