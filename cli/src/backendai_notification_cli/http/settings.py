"""Where the service is and which keypair signs: environment, configured file, local stack."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from backendai_notification_cli.errors import CliError
from backendai_notification_cli.http import envfile

ENDPOINT = "BACKEND_ENDPOINT"
ACCESS_KEY = "BACKEND_ACCESS_KEY"
SECRET_KEY = "BACKEND_SECRET_KEY"  # noqa: S105 - the variable's name, not a secret
STACK = "NOTIFICATION_STACK"
EVENT_BUS = "NOTIFICATION_EVENT_BUS"
REGION = "AWS_DEFAULT_REGION"
LOCAL_FILE = "NOTIFICATION_LOCAL_ENV"
REQUIRED = (ENDPOINT, ACCESS_KEY, SECRET_KEY)


@dataclass(frozen=True, slots=True)
class Settings:
    """An endpoint without a trailing slash, a keypair, and where they were found."""

    endpoint: str
    access_key: str
    secret_key: str = field(repr=False)
    source: str


def configured_path() -> Path:
    """Return the path of the file that `configure` writes."""
    base = os.environ.get("XDG_CONFIG_HOME")
    return (Path(base) if base else Path.home() / ".config") / "backend.ai-notification" / "env"


def configured_values() -> dict[str, str] | None:
    """Read what `configure` stored; None if it did not run."""
    return envfile.load(configured_path())


def local_values() -> dict[str, str] | None:
    """Read the local stack's values; None without a local stack."""
    path = os.environ.get(LOCAL_FILE)
    return envfile.load(Path(path)) if path else None


def local_endpoint(stack: str, aws_endpoint_url: str | None) -> str | None:
    """Return the endpoint of the local stack's API, if that stack is meant.

    The URL in its stack outputs is AWS's, which does not lead to it.
    """
    local = local_values() or {}
    if aws_endpoint_url and (local.get(STACK), local.get("AWS_ENDPOINT_URL")) == (stack, aws_endpoint_url):
        return local.get(ENDPOINT)
    return None


def load() -> Settings:
    """Find the settings: in the environment, else in the configured file, else in the local stack's."""
    if any(os.environ.get(key) for key in REQUIRED):
        return from_values(os.environ, "the environment")
    configured = configured_values()
    if configured is not None:
        return from_values(configured, str(configured_path()))
    local = local_values()
    if local is not None:
        return from_values(local, os.environ[LOCAL_FILE])
    raise CliError(
        "No service is configured: run 'make up' for the local stack, "
        "or 'backend.ai configure --stack-name NAME' for a deployed one"
    )


def from_values(values: Mapping[str, str], source: str) -> Settings:
    """Check that a source is complete and its endpoint a URL."""
    missing = [key for key in REQUIRED if not values.get(key)]
    if missing:
        raise CliError(f"{' and '.join(missing)} missing in {source}")
    endpoint = values[ENDPOINT].strip().rstrip("/")
    if not _is_url(endpoint):
        raise CliError(f"{ENDPOINT} in {source} is not an http or https URL: '{endpoint}'")
    return Settings(endpoint, values[ACCESS_KEY].strip(), values[SECRET_KEY].strip(), source)


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
        port_is_valid = parts.port is None or parts.port > 0
    except ValueError:
        return False
    plain = text.isascii() and text.isprintable() and " " not in text
    return (
        plain
        and port_is_valid
        and parts.scheme in {"http", "https"}
        and bool(parts.hostname)
        and "@" not in text
    )
