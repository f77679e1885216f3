"""The credentials of a function's role.

Lambda puts them into the environment. A function that is restored from a snapshot requests them instead,
because those in the snapshot may have expired.

Source: https://docs.aws.amazon.com/lambda/latest/dg/snapstart-security.html and
https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
"""

import json
import os
from datetime import UTC, datetime, timedelta

import pycurl

from notifications.awsapi.errors import NotReached
from notifications.core.values import value

RENEW_BEFORE = timedelta(minutes=5)
"""Credentials that expire sooner than this are requested again."""

RESPONSE_SECONDS = 5.0


@value
class Credentials:
    """An access key with its secret. ``token``, ``until``: the token and the expiry of temporary ones."""

    access_key: str
    secret_key: str
    token: str | None = None
    until: datetime | None = None

    def __repr__(self) -> str:
        return f"Credentials({self.access_key})"


class CredentialSource:
    """Provides credentials that are valid now."""

    def __init__(self) -> None:
        self._fetched: Credentials | None = None

    def current(self) -> Credentials:
        """Return the credentials to sign with.

        Raises:
            NotReached: the environment has neither credentials nor a URI for requesting them, or the request
                failed.
        """
        if access_key := os.environ.get("AWS_ACCESS_KEY_ID"):
            token = os.environ.get("AWS_SESSION_TOKEN") or None
            return Credentials(access_key, os.environ.get("AWS_SECRET_ACCESS_KEY", ""), token)
        known = self._fetched
        if known is None or (known.until and datetime.now(UTC) > known.until - RENEW_BEFORE):
            self._fetched = known = _fetch()
        return known


def _fetch() -> Credentials:
    uri = os.environ.get("AWS_CONTAINER_CREDENTIALS_FULL_URI")
    if not uri:
        raise NotReached("There are no AWS credentials in the environment")
    curl = pycurl.Curl()
    curl.setopt(pycurl.URL, uri)
    curl.setopt(pycurl.PROXY, "")
    curl.setopt(pycurl.NOSIGNAL, True)
    curl.setopt(pycurl.TIMEOUT_MS, int(RESPONSE_SECONDS * 1000))
    token = os.environ.get("AWS_CONTAINER_AUTHORIZATION_TOKEN")
    curl.setopt(pycurl.HTTPHEADER, [f"Authorization: {token}"] if token else [])
    try:
        found = json.loads(curl.perform_rb())
        return Credentials(
            found["AccessKeyId"],
            found["SecretAccessKey"],
            found.get("Token"),
            datetime.fromisoformat(found["Expiration"]) if "Expiration" in found else None,
        )
    except (pycurl.error, ValueError, LookupError, TypeError) as error:
        raise NotReached(f"AWS gave no credentials: {type(error).__name__}") from error
    finally:
        curl.close()
