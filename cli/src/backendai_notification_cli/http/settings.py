"""Where the service is and which keypair signs: a profile, the environment, the local stack."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
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
SECRET_IN = "NOTIFICATION_SECRET_IN"  # noqa: S105 - the variable's name, not a secret
LOCAL_FILE = "NOTIFICATION_LOCAL_ENV"
THE_KEYRING = "the system's keyring"
SECRETS = (SECRET_KEY, "AWS_SECRET_ACCESS_KEY")
REQUIRED = (ENDPOINT, ACCESS_KEY, SECRET_KEY)


@dataclass(frozen=True, slots=True)
class Settings:
    """An endpoint without a trailing slash, a keypair, and where they were found.

    `profile`: None if they are of no profile. `secret_source`: where the secret key was found, if elsewhere.
    """

    endpoint: str
    access_key: str
    secret_key: str = field(repr=False)
    source: str
    profile: str | None = None
    secret_source: str | None = None


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


def chosen() -> profiles.Chosen | None:
    """Return the profile that this command uses; None if it uses the environment.

    First comes the profile that --profile or its variable names, then the environment, then the profile that
    `configure use` chose or the default one, then the local stack.

    Raises:
        CliError: there is none of these.
    """
    named = profiles.named()
    if named is not None:
        return named
    if any(os.environ.get(key) for key in REQUIRED):
        return None
    used = profiles.in_use()
    if used.by or profiles.path(used.name).exists():
        return used
    if local_values() is not None:
        return profiles.Chosen(profiles.LOCAL)
    raise CliError(
        "No service is configured: run 'make up' for the local stack, "
        "or 'backend.ai configure --stack-name NAME' for a deployed one"
    )


def load() -> Settings:
    """Return the settings that this command uses."""
    found = chosen()
    return from_values(os.environ, "the environment") if found is None else of_profile(found)


def of_profile(profile: profiles.Chosen) -> Settings:
    """Return the settings of a profile.

    Raises:
        CliError: it is not configured, or incomplete.
    """
    values = _values(profile)
    kind = values.get(SECRET_IN)
    if kind:
        values = {**values, SECRET_KEY: _secret_in_keyring(kind, profile.name, values.get(ACCESS_KEY, ""))}
    place = os.environ[LOCAL_FILE] if profile.name == profiles.LOCAL else profiles.path(profile.name)
    by = f", chosen by {profile.by}" if profile.by else ""
    found = from_values(values, f"the profile '{profile.name}' in {place}{by}", profile.name)
    return replace(found, secret_source=THE_KEYRING) if kind else found


def _secret_in_keyring(kind: str, profile: str, access_key: str) -> str:
    from backendai_notification_cli.http import system_keyring

    try:
        return system_keyring.read(kind, profile, access_key)
    except system_keyring.KeyringUnusable as error:
        raise CliError(
            f"The profile '{profile}' has its secret key in {THE_KEYRING}, which cannot be read: {error}",
            f"Unlock the keyring, or store the profile anew: configure --profile {profile} --stack-name NAME",
        ) from None


def _values(profile: profiles.Chosen) -> dict[str, str]:
    local = profile.name == profiles.LOCAL
    values = local_values() if local else envfile.load(profiles.path(profile.name))
    if values is None:
        raise profiles.unknown(profile)
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
