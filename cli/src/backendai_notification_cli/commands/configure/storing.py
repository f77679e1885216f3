"""Store, show and remove a profile."""

import os

from backendai_notification_cli.errors import CliError
from backendai_notification_cli.http import envfile, profiles, settings
from backendai_notification_cli.terminal.output import show_reply, show_text, success, warn

MASKED = "********"


def show(name: str | None) -> None:
    """Print a profile, or the one that commands use, with its secret masked."""
    chosen = profiles.Chosen(name) if name else settings.chosen() or profiles.in_use()
    if chosen.name == profiles.LOCAL:
        found = settings.local_values()
        path = os.environ.get(settings.LOCAL_FILE, "")
    else:
        found = envfile.load(profiles.path(chosen.name))
        path = str(profiles.path(chosen.name))
    if found is None:
        raise _nothing(chosen)
    masked = {key: MASKED if key in settings.SECRETS else value for key, value in found.items()}
    success(f"Configured in {path}")
    text = "\n".join(f"{key}={value}" for key, value in masked.items())
    show_reply(masked, lambda: show_text(text))


def _nothing(chosen: profiles.Chosen) -> CliError:
    if chosen.name != profiles.DEFAULT:
        return profiles.unknown(chosen)
    return CliError(f"Nothing is configured: there is no {profiles.path(chosen.name)}")


def clear(name: str) -> None:
    """Remove a profile."""
    path = profiles.path(_storable(name))
    values = envfile.load(path) or {}
    success(f"Removed {path}" if envfile.remove(path) else "Nothing was configured")
    _forget(name, values)
    if profiles.in_use().name == name != profiles.DEFAULT:
        profiles.use(profiles.DEFAULT)
        warn(f"Commands that name no profile use '{profiles.DEFAULT}' again")


def store(name: str, stack_name: str, region: str | None, aws_profile: str | None) -> None:
    """Read a stack's outputs and keypair, and store them under a profile."""
    # Importing boto3 costs more than all else together, so only commands that need it import it.
    from backendai_notification_cli.aws import keypairs, secret, stack
    from backendai_notification_cli.aws.session import Aws

    path = profiles.path(_storable(name))
    aws = Aws(stack_name, region, aws_profile)
    found = stack.describe(aws.cloudformation(), stack_name)
    _, document = secret.read(aws.secretsmanager(), found.keypairs)
    keypair = keypairs.usable(document)
    endpoint = settings.local_endpoint(stack_name, aws.endpoint_url) or found.api_url
    former = envfile.load(path) or {}
    secret_values, told = kept_secret(name, keypair["access_key"], keypair["secret_key"])
    values = {
        settings.ENDPOINT: endpoint,
        settings.ACCESS_KEY: keypair["access_key"],
        **secret_values,
        settings.EVENT_BUS: found.event_bus,
        settings.STACK: stack_name,
        settings.REGION: aws.region,
    }
    envfile.save(path, values)
    success(f"Configured for {endpoint} in {path}")
    success(told)
    if former.get(settings.ACCESS_KEY) != keypair["access_key"] or settings.SECRET_KEY in secret_values:
        _forget(name, former)
    _tell_what_is_used(name)


def kept_secret(name: str, access_key: str, secret_key: str) -> tuple[dict[str, str], str]:
    """Keep a secret key in the keyring if there is one; return what the file gets, and what to say."""
    from backendai_notification_cli.http import system_keyring

    try:
        kind, kept_in = system_keyring.store(name, access_key, secret_key)
    except system_keyring.KeyringUnusable as error:
        told = f"The secret key is in that file, which only you can read: {error}"
        return {settings.SECRET_KEY: secret_key}, told
    return {settings.SECRET_IN: kind}, f"The secret key is in the system's keyring, {kept_in}"


def _forget(name: str, values: dict[str, str]) -> None:
    """Drop a profile's entry in the keyring, if it has one."""
    kind = values.get(settings.SECRET_IN)
    if not kind:
        return
    from backendai_notification_cli.http import system_keyring

    try:
        system_keyring.forget(kind, name, values.get(settings.ACCESS_KEY, ""))
    except system_keyring.KeyringUnusable as error:
        warn(f"The secret key of {values.get(settings.ACCESS_KEY)} may still be in the keyring: {error}")


def _storable(name: str) -> str:
    if name == profiles.LOCAL:
        raise CliError("The profile 'local' is that of the local stack: choose another name")
    return name


def _tell_what_is_used(name: str) -> None:
    """Say so if commands would go elsewhere than where this profile leads."""
    try:
        used = settings.load()
    except CliError as error:
        warn(f"Commands do not use it yet: {error.message}")
        return
    if used.profile != name:
        warn(
            f"Commands without --profile {name} go to {used.endpoint}, which comes from {used.source};"
            f" 'configure use {name}' chooses this profile"
        )
