"""Where the service is and which keypair signs: a profile, the environment, the local stack."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from backendai_notification_cli.errors import CliError
from backendai_notification_cli.http import envfile, profiles

ENDPOINT = "BACKEND_ENDPOINT"
ACCESS_KEY = "BACKEND_ACCESS_KEY"
SECRET_KEY = "BACKEND_SECRET_KEY"  # noqa: S105 - the variable's name, not a secret
STACK = "NOTIFICATION_STACK"
EVENT_BUS = "NOTIFICATION_EVENT_BUS"
REGION = "AWS_DEFAULT_REGION"
LOCAL_FILE = "NOTIFICATION_LOCAL_ENV"
SECRETS = (SECRET_KEY, "AWS_SECRET_ACCESS_KEY")
REQUIRED = (ENDPOINT, ACCESS_KEY, SECRET_KEY)


@dataclass(frozen=True, slots=True)
class Settings:
    """An endpoint without a trailing slash, a keypair, and where they were found.

    `profile`: None if they are of no profile.
    """

    endpoint: str
    access_key: str
    secret_key: str = field(repr=False)
    source: str
    profile: str | None = None


def configured_values() -> dict[str, str] | None:
    """Read the profile that this command uses; None if that is not configured, or the local stack's."""
    chosen = profiles.named() or profiles.in_use()
    return None if chosen.name == profiles.LOCAL else envfile.load(profiles.path(chosen.name))


def local_values() -> dict[str, str] | None:
    """Read the local stack's values; None without a local stack."""
    path = os.environ.get(LOCAL_FILE)
    return envfile.load(Path(path)) if path else None


def stack_values() -> Iterator[Mapping[str, str]]:
    """Yield what may name the stack that this command is about, first what wins."""
    named = profiles.named()
    if named is not None:
        yield _values(named)
        return
    yield os.environ
    yield from filter(None, (configured_values(), local_values()))


def local_endpoint(stack: str, aws_endpoint_url: str | None) -> str | None:
    """Return the endpoint of the local stack's API, if that stack is meant.

    The URL in its stack outputs is AWS's, which does not lead to it.
    """
    local = local_values() or {}
    if aws_endpoint_url and (local.get(STACK), local.get("AWS_ENDPOINT_URL")) == (stack, aws_endpoint_url):
        return local.get(ENDPOINT)
    return None


def load() -> Settings:
    """Find the settings.

    First the profile that --profile or its variable names, then the environment, then the profile that
    `configure use` chose or the default one, then the local stack.
    """
    named = profiles.named()
    if named is not None:
        return of_profile(named)
    if any(os.environ.get(key) for key in REQUIRED):
        return from_values(os.environ, "the environment")
    used = profiles.in_use()
    if used.by or profiles.path(used.name).exists():
        return of_profile(used)
    if local_values() is not None:
        return of_profile(profiles.Chosen(profiles.LOCAL))
    raise CliError(
        "No service is configured: run 'make up' for the local stack, "
        "or 'backend.ai configure --stack-name NAME' for a deployed one"
    )


def of_profile(chosen: profiles.Chosen) -> Settings:
    """Return the settings of a profile.

    Raises:
        CliError: it is not configured, or incomplete.
    """
    values = _values(chosen)
    place = os.environ[LOCAL_FILE] if chosen.name == profiles.LOCAL else profiles.path(chosen.name)
    by = f", chosen by {chosen.by}" if chosen.by else ""
    return from_values(values, f"the profile '{chosen.name}' in {place}{by}", chosen.name)


def _values(chosen: profiles.Chosen) -> dict[str, str]:
    local = chosen.name == profiles.LOCAL
    values = local_values() if local else envfile.load(profiles.path(chosen.name))
    if values is None:
        raise profiles.unknown(chosen)
    return values


def from_values(values: Mapping[str, str], source: str, profile: str | None = None) -> Settings:
    """Check that a source is complete and its endpoint a URL."""
    missing = [key for key in REQUIRED if not values.get(key)]
    if missing:
        raise CliError(f"{' and '.join(missing)} missing in {source}")
    endpoint = values[ENDPOINT].strip().rstrip("/")
    if not _is_url(endpoint):
        raise CliError(f"{ENDPOINT} in {source} is not an http or https URL: '{endpoint}'")
    return Settings(endpoint, values[ACCESS_KEY].strip(), values[SECRET_KEY].strip(), source, profile)


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
