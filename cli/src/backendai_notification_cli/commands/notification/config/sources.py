"""Where secrets are: the environment, files, Parameter Store and Secrets Manager."""

import json
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from backendai_notification_cli.commands.notification.config.references import Reference
from backendai_notification_cli.errors import CliError
from backendai_notification_cli.terminal.inputs import STANDARD_INPUT, read_text

if TYPE_CHECKING:
    from backendai_notification_cli.aws.session import Aws

MAX_CHARS = 1024 * 1024
"""How long a secret may be: the request that it goes into may have no more."""


@dataclass(frozen=True, slots=True)
class AwsOptions:
    """The options that say which AWS account has the secrets."""

    stack_name: str | None = None
    region: str | None = None
    aws_profile: str | None = None


class Missing(Exception):
    """A reference leads to nothing."""


class Sources:
    """Look secrets up. ``beside``: makes the path of a file that is named in another one."""

    def __init__(self, beside: Callable[[str], str], options: AwsOptions) -> None:
        self._beside = beside
        self._options = options
        self._aws: Aws | None = None
        self._secrets: dict[str, str] = {}

    def find(self, references: Iterable[Reference]) -> tuple[dict[Reference, str], Mapping[Reference, str]]:
        """Return what is found, and why the others are not.

        Raises:
            CliError: AWS cannot be asked at all.
        """
        found: dict[Reference, str] = {}
        missing: dict[Reference, str] = {}
        for reference in references:
            try:
                found[reference] = _usable(self._one(reference))
            except Missing as error:
                missing[reference] = str(error)
        return found, missing

    def _one(self, reference: Reference) -> str:
        match reference.kind:
            case "env":
                return _variable(reference.name)
            case "file":
                return self._file(reference.name)
            case "ssm":
                return self._parameter(reference.name)
            case _:
                return self._secret(*reference.name.partition("#")[::2])

    def _file(self, name: str) -> str:
        if name == STANDARD_INPUT:
            raise Missing("standard input cannot be referred to: name a file")
        try:
            return read_text(self._beside(name)).removesuffix("\n").removesuffix("\r")
        except CliError as error:
            raise Missing(error.message) from None

    def _parameter(self, name: str) -> str:
        client = self._account().ssm()
        reply = _asked(
            lambda: client.get_parameter(Name=name, WithDecryption=True),
            f"Parameter Store has no '{name}' in {self._account().region}",
            "ParameterNotFound",
        )
        return str(reply["Parameter"].get("Value", ""))

    def _secret(self, name: str, key: str) -> str:
        if name not in self._secrets:
            client = self._account().secretsmanager()
            reply = _asked(
                lambda: client.get_secret_value(SecretId=name),
                f"Secrets Manager has no '{name}' in {self._account().region}",
                "ResourceNotFoundException",
            )
            if "SecretString" not in reply:
                raise Missing(f"the secret '{name}' holds bytes, not a text")
            self._secrets[name] = reply["SecretString"]
        return _member(self._secrets[name], name, key) if key else self._secrets[name]

    def _account(self) -> "Aws":
        if self._aws is None:
            from backendai_notification_cli.aws.session import Aws, default_stack

            stack = self._options.stack_name
            try:
                stack = stack or default_stack()
            except CliError:  # the secrets may be in an account without a stack
                stack = ""
            self._aws = Aws(stack, self._options.region, self._options.aws_profile)
        return self._aws


def _usable(text: str) -> str:
    """Return a secret if a request may have it: an empty one is usually left by a step that failed."""
    if not text:
        raise Missing("it is empty")
    if len(text) > MAX_CHARS:
        raise Missing(f"it has {len(text):,} characters, {MAX_CHARS:,} are allowed")
    return text


def _variable(name: str) -> str:
    value = os.environ.get(name)
    if not value:
        raise Missing(f"the variable {name} is {'not set' if value is None else 'empty'}")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise Missing(f"the variable {name} is not UTF-8 text") from None
    return value


def _asked(ask: Callable[[], Any], absent: str, code: str) -> Any:
    from botocore.exceptions import ClientError

    from backendai_notification_cli.aws.session import error_code, error_message, translated

    with translated("Reading a secret"):
        try:
            return ask()
        except ClientError as error:
            if error_code(error) == code:
                raise Missing(absent) from None
            raise Missing(f"AWS refused it: {error_message(error)} ({error_code(error)})") from None


def _member(text: str, name: str, key: str) -> str:
    try:
        document = json.loads(text)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise Missing(f"the secret '{name}' is no JSON object, so it has no '{key}'")
    if key not in document:
        raise Missing(f"the secret '{name}' has no key '{key}'")
    value = document[key]
    return value if isinstance(value, str) else json.dumps(value)
