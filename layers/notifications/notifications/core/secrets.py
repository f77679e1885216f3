"""A channel's secrets: what of its spec lets somebody in somewhere, and what its webhooks are signed with."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime
from typing import Any

from notifications.core.errors import ChannelConflict, InvalidRequest
from notifications.core.values import value

MAX_SECRET_BYTES = 4_096
"""What all secrets of a channel may have together, as JSON: KMS encrypts no more at once."""

MAX_SIGNING_SECRETS = 5
"""What a webhook is signed with at most: the newest secret, and old ones that receivers may still have."""

SEALED = ""
"""What stands in a spec for a header's value that is sealed."""


@value
class SigningSecret:
    """What webhooks are signed with, ``until`` when if it is an old one."""

    secret: str = field(repr=False)
    until: datetime | None = None


@value
class Secrets:
    """All that is secret of a channel."""

    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    password: str | None = field(default=None, repr=False)
    client_key: str | None = field(default=None, repr=False)
    signing: tuple[SigningSecret, ...] = ()

    def signing_at(self, now: datetime) -> list[str]:
        """List what a webhook is signed with at a given time, the newest first."""
        return [each.secret for each in self.signing if each.until is None or each.until > now]


def rotated(
    present: Sequence[SigningSecret], secret: str, now: datetime, keep: datetime
) -> tuple[SigningSecret, ...]:
    """Put a new secret before the present ones.

    The newest of them is valid until ``keep``, each other one to its own end. With ``keep`` in the past all
    of them end at once.

    Raises:
        ChannelConflict: as many as a webhook may be signed with are valid still.
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
    """Write secrets as they are encrypted.

    Raises:
        InvalidRequest: they have more than ``MAX_SECRET_BYTES``.
    """
    document = {
        "headers": dict(secrets.headers),
        "password": secrets.password,
        "client_key": secrets.client_key,
        "signing": [[each.secret, each.until and each.until.isoformat()] for each in secrets.signing],
    }
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    if len(text) > MAX_SECRET_BYTES:
        raise InvalidRequest(
            f"The channel's credentials have {len(text)} bytes together, {MAX_SECRET_BYTES} are allowed"
        )
    return text


def read(text: bytes) -> Secrets:
    """Read what ``written`` wrote."""
    document: dict[str, Any] = json.loads(text)
    signing = tuple(
        SigningSecret(secret, datetime.fromisoformat(until) if until else None)
        for secret, until in document["signing"]
    )
    return Secrets(document["headers"], document["password"], document["client_key"], signing)
