"""Keyrings of tests: one that keeps, and some that cannot be used."""
# ruff: noqa: ARG002 - the signatures are the library's

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

import keyring
import keyring.core
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError


class KeepingKeyring(KeyringBackend):
    """Keeps what it is given."""

    priority = 5

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        """Return what was kept."""
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep something."""
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        """Drop something."""
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError("not found")


class LockedKeyring(KeepingKeyring):
    """Refuses everything."""

    def get_password(self, service: str, username: str) -> str | None:
        """Refuse."""
        raise KeyringLocked("it is locked")

    def set_password(self, service: str, username: str, password: str) -> None:
        """Refuse."""
        raise KeyringLocked("it is locked")


class WaitingKeyring(KeepingKeyring):
    """Waits for somebody who does not come."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Wait."""
        threading.Event().wait()


class PlainKeyring(KeepingKeyring):
    """Protects nothing, as files of plain text do."""

    priority = 0.5  # type: ignore[assignment]


@contextmanager
def using(backend: KeyringBackend) -> Iterator[None]:
    """Have a keyring be the system's."""
    former = keyring.get_keyring()
    keyring.set_keyring(backend)
    try:
        with mock.patch.object(keyring.core, "load_keyring", return_value=backend):
            yield
    finally:
        keyring.set_keyring(former)


class OneKeyring(KeepingKeyring):
    """Has one secret for whatever it is asked."""

    def get_password(self, service: str, username: str) -> str | None:
        """Return it."""
        return "wJalrXUtnFEMI"
