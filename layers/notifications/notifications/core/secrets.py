"""A channel's secrets: the credentials in its spec, and the secrets that sign its webhooks."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime
from typing import Any

from notifications.core.errors import ChannelConflict, InvalidRequest
from notifications.core.values import value

MAX_SECRET_BYTES = 4_096
"""The most bytes that a channel's secrets may have together as JSON, which is the most that KMS encrypts at
once."""

MAX_SIGNING_SECRETS = 5
"""How many secrets may sign a webhook: the newest one, and old ones that receivers may still use."""

SEALED = ""
"""The placeholder in a spec for a header's sealed value."""


@value
class SigningSecret:
    """A secret that signs webhooks. ``until``: when an old one ends; None for the newest."""

    secret: str = field(repr=False)
    until: datetime | None = None


@value
class Secrets:
    """All secrets of a channel."""

    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    password: str | None = field(default=None, repr=False)
    client_key: str | None = field(default=None, repr=False)
    signing: tuple[SigningSecret, ...] = ()
    routing_key: str | None = field(default=None, repr=False)

    def signing_at(self, now: datetime) -> list[str]:
        """List the secrets that sign a webhook at a given time, the newest first."""
        return [each.secret for each in self.signing if each.until is None or each.until > now]


def rotated(
    present: Sequence[SigningSecret], secret: str, now: datetime, keep: datetime
) -> tuple[SigningSecret, ...]:
    """Return the secrets with a new one before the present ones.

    The newest of the present ones then ends at ``keep``, each other one at its own time. If ``keep`` is in
    the past, all of them end at once.

    Raises:
        ChannelConflict: as many as may sign a webhook are still valid.
    """
    if keep <= now:
        return (SigningSecret(secret),)
    valid = [each for each in present if each.until is None or each.until > now]
    if len(valid) >= MAX_SIGNING_SECRETS:
        first = min(each.until for each in valid if each.until is not None)
        raise ChannelConflict(
            f"{len(valid)} signing secrets are valid, no webhook is signed with more; the next one ends at "
            f"{first:%Y-%m-%dT%H:%M:%SZ}. To end all of them now, keep the old one for 0 seconds"
        )
    return SigningSecret(secret), *(replace(each, until=each.until or keep) for each in valid)


def written(secrets: Secrets) -> bytes:
    """Write secrets as the text that is encrypted.

    Raises:
        InvalidRequest: they have more than ``MAX_SECRET_BYTES``.
    """
    document: dict[str, Any] = {
        "headers": dict(secrets.headers),
        "password": secrets.password,
        "client_key": secrets.client_key,
        "signing": [[each.secret, each.until and each.until.isoformat()] for each in secrets.signing],
    }
    if secrets.routing_key is not None:
        document["routing_key"] = secrets.routing_key
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    if len(text) > MAX_SECRET_BYTES:
        raise InvalidRequest(
            f"The channel's credentials have {len(text)} bytes together, {MAX_SECRET_BYTES} are allowed"
        )
    return text


def read(text: bytes) -> Secrets:
    """Parse what ``written`` wrote."""
    document: dict[str, Any] = json.loads(text)
    signing = tuple(
        SigningSecret(secret, datetime.fromisoformat(until) if until else None)
        for secret, until in document["signing"]
    )
    return Secrets(
        document["headers"],
        document["password"],
        document["client_key"],
        signing,
        document.get("routing_key"),
    )
