"""Secret keys in the system's keyring, or in the file where there is none that can be used."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from keyring.backend import KeyringBackend

import backendai_notification_cli
from backendai_notification_cli.commands.configure import storing
from backendai_notification_cli.http import envfile, profiles, settings, system_keyring
from tests.unit.cli.keyrings import KeepingKeyring, LockedKeyring, PlainKeyring, WaitingKeyring, using

PACKAGES = Path(backendai_notification_cli.__file__).parents[1]
KEY, SECRET = "AKIA1", "hidden"
ENTRY = system_keyring.SERVICE, f"default {KEY}"
DAEMONS = ("dbus-run-session", "gnome-keyring-daemon")
Run = Callable[..., Any]


@pytest.fixture
def kept() -> Iterator[KeepingKeyring]:
    """Have a keyring."""
    backend = KeepingKeyring()
    with using(backend):
        yield backend


def store(endpoint: str = "https://h") -> str:
    """Store the default profile as `configure` does; return what is said of the secret."""
    values, told = storing.kept_secret("default", KEY, SECRET)
    envfile.save(
        profiles.path("default"), {"BACKEND_ENDPOINT": endpoint, "BACKEND_ACCESS_KEY": KEY, **values}
    )
    return told


def test_the_keyring_has_the_secret(kept: KeepingKeyring) -> None:
    """Where there is a keyring the secret is there, and not in the file; it is found there again."""
    assert store().startswith("The secret key is in the system's keyring, ")
    assert SECRET not in profiles.path("default").read_text()
    assert kept.kept == {ENTRY: SECRET}
    found = settings.load()
    assert (found.secret_key, found.secret_source) == (SECRET, "the system's keyring")


@pytest.mark.parametrize(
    ("backend", "told"),
    [(LockedKeyring(), "KeyringLocked: it is locked"), (PlainKeyring(), "has no keyring")],
)
def test_the_file_has_the_secret(backend: KeyringBackend, told: str) -> None:
    """Where no keyring can be used, the file has the secret, which is said with the reason."""
    with using(backend):
        said = store()
    assert said.startswith("The secret key is in that file, which only you can read: ")
    assert told in said
    assert settings.load().secret_key == SECRET
    assert settings.load().secret_source is None
    assert profiles.path("default").stat().st_mode & 0o777 == 0o600


def test_a_keyring_that_waits_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A keyring that waits for somebody is given up, and the file has the secret."""
    monkeypatch.setattr(system_keyring, "LIMIT_SECONDS", 0.05)
    with using(WaitingKeyring()):
        assert "did not answer within 0.05 s" in store()
    assert settings.load().secret_key == SECRET


@pytest.mark.parametrize("backend", [LockedKeyring(), KeepingKeyring(), PlainKeyring()])
def test_a_secret_that_cannot_be_read(kept: KeepingKeyring, run: Run, backend: KeyringBackend) -> None:
    """A secret that the keyring does not give is told with the profile and what to do; nothing is asked."""
    store()
    with using(backend):
        told = run("notification", "whoami")
    assert (told.exit_code, kept.kept) == (1, {ENTRY: SECRET})
    assert told.stderr.startswith(
        "✗ The profile 'default' has its secret key in the system's keyring, which "
    )
    assert "configure --profile default --stack-name NAME" in told.stderr


@pytest.mark.usefixtures("kept")
def test_errors_name_the_keyring(service: Any, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A keypair that is refused is told with both places that it comes from."""
    for key in settings.REQUIRED:
        monkeypatch.delenv(key)
    store(service.url)
    service.answers("GET", "/notifications/whoami", {"title": "No"}, status=401)
    told = run("notification", "whoami").stderr
    assert told.endswith(f"{profiles.path('default')}, its secret key from the system's keyring.\n")
    service._answers.clear()  # noqa: SLF001
    service.answers("GET", "/notifications/whoami", {"access_key": KEY})
    assert "\nSecret key from: the system's keyring\n" in run("notification", "whoami").stdout


def test_listing_asks_no_keyring(kept: KeepingKeyring, run: Run) -> None:
    """Listing, showing and choosing profiles reads no secret; removing one drops its entry."""
    store()
    with using(LockedKeyring()):
        assert "Used: yes" in run("configure", "list").stdout
        assert "Secret key in: keyring" in run("configure", "list").stdout
        assert (
            "NOTIFICATION_SECRET_IN=tests.unit.cli.keyrings.KeepingKeyring" in run("configure", "show").stdout
        )
    assert run("configure", "--clear").exit_code == 0
    assert kept.kept == {}
    store()
    kept.kept.clear()
    assert run("configure", "--clear").stderr.count("\n") == 1


def test_a_locked_keyring_keeps_its_entry(run: Run) -> None:
    """If the entry of a removed profile cannot be dropped, that is said."""
    with using(KeepingKeyring()):
        store()
    with using(PlainKeyring()):
        told = run("configure", "--clear").stderr
    assert f"! The secret key of {KEY} may still be in the keyring: this system has no keyring\n" in told


SCRIPT = """
import sys
from backendai_notification_cli.commands.configure import storing
from backendai_notification_cli.http import system_keyring
values, told = storing.kept_secret("default", "AKIA1", "hidden")
print(told)
if "BACKEND_SECRET_KEY" not in values:
    kind = values["NOTIFICATION_SECRET_IN"]
    print(system_keyring.read(kind, "default", "AKIA1"))
    system_keyring.forget(kind, "default", "AKIA1")
    try:
        system_keyring.read(kind, "default", "AKIA1")
    except system_keyring.KeyringUnusable as error:
        print(error)
"""

STORE_AND_READ = """
import subprocess, sys
from backendai_notification_cli.http import system_keyring
read = '''
import sys
from backendai_notification_cli.http import system_keyring
print(system_keyring.read(sys.argv[1], "default", "AKIA1"))
print(*[name for name in ("keyring", "cryptography.hazmat.backends.openssl") if name in sys.modules])
'''
kind, _ = system_keyring.store("default", "AKIA1", "hidden")
subprocess.run([sys.executable, "-c", read, kind])
"""


def in_session(directory: Path, prepare: str, script: str = SCRIPT, **more: str) -> str:
    """Run a script in a D-Bus session of its own without a desktop; return what it says."""
    missing = [daemon for daemon in DAEMONS if shutil.which(daemon) is None]
    assert not missing, f"this test needs {missing}: .ci/install installs them, as root on Debian"
    names = ("PATH", "PYTHONPATH")
    own = {name: os.environ[name] for name in names if name in os.environ}
    environment = {**own, "HOME": str(directory), "XDG_RUNTIME_DIR": str(directory), **more}
    environment["PYTHONPATH"] = str(PACKAGES)
    ran = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", f'{prepare}exec "$0" -c "$1"', sys.executable, script],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return ran.stdout


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has GNOME's Secret Service")
class TestSecretService:
    """The Secret Service of GNOME, in a session of its own."""

    UNLOCK = "printf %s secret | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; "
    START = "gnome-keyring-daemon --start --components=secrets >/dev/null 2>&1; "

    def test_an_unlocked_one_is_used(self, tmp_path: Path) -> None:
        """Without a desktop an unlocked keyring keeps the secret, gives it back, and drops it."""
        told, secret, gone = in_session(tmp_path, self.UNLOCK).splitlines()
        assert told.startswith("The secret key is in the system's keyring, SecretService")
        assert (secret, gone) == (SECRET, "it has no such entry")

    def test_reading_loads_little(self, tmp_path: Path) -> None:
        """Reading from an unlocked one loads neither the library that discovers keyrings nor encryption."""
        assert in_session(tmp_path, self.UNLOCK, STORE_AND_READ).splitlines() == [SECRET, ""]

    def test_other_attributes(self, tmp_path: Path) -> None:
        """A secret that `keyring` is configured to keep by other attributes is found through `keyring`."""
        told = in_session(tmp_path, self.UNLOCK, STORE_AND_READ, KEYRING_PROPERTY_SCHEME="KeePassXC")
        assert told.splitlines() == [SECRET, "keyring cryptography.hazmat.backends.openssl"]

    def test_a_locked_one_is_left_alone(self, tmp_path: Path) -> None:
        """Without a desktop nothing is asked for: the keyring is locked, or has no collection yet."""
        in_session(tmp_path, self.UNLOCK)  # makes the collection
        for directory in (tmp_path, tmp_path / "new"):
            directory.mkdir(exist_ok=True)
            told = in_session(directory, self.START)
            assert told.startswith("The secret key is in that file, which only you can read: ")
            assert told.endswith(" locked, and there is no desktop to unlock it at\n")

    def test_there_is_none(self, tmp_path: Path) -> None:
        """Without a bus, as on most servers, the file has the secret, and nothing is waited for."""
        nothing = "unset DBUS_SESSION_BUS_ADDRESS; "
        assert in_session(tmp_path, nothing).splitlines() == [
            "The secret key is in that file, which only you can read: this system has no keyring"
        ]
