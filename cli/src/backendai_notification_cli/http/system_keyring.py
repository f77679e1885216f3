"""Secret keys in the system's keyring, where there is one that can be used without asking anybody.

The library `keyring` finds macOS's Keychain, Windows' Credential Manager, and the Secret Service of Linux's
desktops. It is imported only here, when a profile is stored or its secret is in a keyring.
"""

import os
import queue
import sys
import threading
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")
SERVICE = "backendai-notification"
LIMIT_SECONDS = 30
"""How long a keyring may take, in which somebody at a desktop may be asked to unlock it."""

LINUX_DESKTOPS = "keyring.backends.SecretService.Keyring"
"""The class of `keyring` for the Secret Service of Linux's desktops."""

RECOMMENDED = 1
"""The least priority of keyrings that protect what is in them; files of plain text have less."""


class KeyringUnusable(Exception):
    """There is no keyring, or it cannot be used; the message says why."""


def store(profile: str, access_key: str, secret_key: str) -> tuple[str, str]:
    """Keep a secret key; return the keyring's class, by which it is found again, and its name.

    Raises:
        KeyringUnusable: it is not kept.
    """

    def keep() -> tuple[str, str]:
        import keyring

        found = _usable(keyring.get_keyring())
        found.set_password(SERVICE, _user(profile, access_key), secret_key)
        return f"{type(found).__module__}.{type(found).__qualname__}", str(found.name)

    return _limited(keep)


def read(kind: str, profile: str, access_key: str) -> str:
    """Return a secret key. ``kind``: the keyring's class.

    Raises:
        KeyringUnusable: it cannot be read, or is not there.
    """

    def look() -> str | None:
        user = _user(profile, access_key)
        if kind == LINUX_DESKTOPS:
            from backendai_notification_cli.http import secret_service

            if secret := secret_service.read(SERVICE, user):
                return secret
        found: str | None = _opened(kind).get_password(SERVICE, user)
        return found

    secret = _limited(look)
    if not secret:
        raise KeyringUnusable("it has no such entry")
    return secret


def forget(kind: str, profile: str, access_key: str) -> None:
    """Drop a secret key, if it is there. ``kind``: the keyring's class.

    Raises:
        KeyringUnusable: it may still be there.
    """

    def drop() -> None:
        from keyring.errors import PasswordDeleteError

        try:
            _opened(kind).delete_password(SERVICE, _user(profile, access_key))
        except PasswordDeleteError:  # it was not there
            return

    _limited(drop)


def _user(profile: str, access_key: str) -> str:
    return f"{profile} {access_key}"


def _opened(kind: str) -> Any:
    # By its class, because discovering all keyrings takes as long as the rest of a command.
    from keyring import core

    return _usable(core.load_keyring(kind))


def _usable(found: Any) -> Any:
    if float(found.priority) < RECOMMENDED:
        raise KeyringUnusable("this system has no keyring")
    if sys.platform.startswith("linux") and not _has_display() and _is_desktops(found) and _would_ask():
        raise KeyringUnusable("the keyring is locked, and there is no desktop to unlock it at")
    return found


def _has_display() -> bool:
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _is_desktops(found: Any) -> bool:
    # Which of them a chain of keyrings asks cannot be known beforehand.
    return type(found).__module__.startswith("keyring.backends.")


def _would_ask() -> bool:
    """Whether the Secret Service would open a prompt: nobody would see it, and the call would not return."""
    from backendai_notification_cli.http import secret_service

    return not secret_service.is_ready()


def _limited(ask: Callable[[], T]) -> T:
    """Call in a thread, because a keyring that waits for somebody has no limit of its own."""
    results: queue.Queue[T | KeyringUnusable] = queue.Queue()

    def run() -> None:
        try:
            results.put(ask())
        except KeyringUnusable as error:
            results.put(error)
        except Exception as error:  # noqa: BLE001 - a keyring may be anybody's, and raise anything
            results.put(KeyringUnusable(f"{type(error).__name__}: {error}"))

    threading.Thread(target=run, daemon=True).start()
    try:
        result = results.get(timeout=LIMIT_SECONDS)
    except queue.Empty:
        raise KeyringUnusable(f"the keyring did not answer within {LIMIT_SECONDS} s") from None
    if isinstance(result, KeyringUnusable):
        raise result
    return result
