"""A profile whose secret key is in GNOME's keyring, in a session bus of its own."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from local.common import StackError, first_line

SESSION = (
    "printf secret | timeout 30 gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1;"
    ' echo "$DBUS_SESSION_BUS_ADDRESS"; exec cat'
)
"""Unlocks the keyring, says where the bus is, and lasts until its input ends."""

STORE = """
import sys
from backendai_notification_cli.commands.configure import storing
from backendai_notification_cli.http import envfile, profiles
secret, _ = storing.kept_secret("default", "AKIA", "secret")
settings = {"BACKEND_ENDPOINT": sys.argv[1], "BACKEND_ACCESS_KEY": "AKIA", **secret}
envfile.save(profiles.path("default"), settings)
"""


@contextmanager
def profile(url: str, env: dict[str, str]) -> Iterator[dict[str, str]]:
    """Store a profile for the service at ``url``; yield the environment in which commands use it.

    Raises:
        StackError: D-Bus or GNOME's keyring is missing.
    """
    with TemporaryDirectory() as directory:
        own = dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"), directory)
        env = env | own | {"PYTHON_KEYRING_BACKEND": "keyring.backends.SecretService.Keyring"}
        with _bus(env) as address:
            env["DBUS_SESSION_BUS_ADDRESS"] = address
            subprocess.run([sys.executable, "-c", STORE, url], env=env, check=True, timeout=60)
            if "SECRET_KEY" in Path(directory, "backend.ai-notification", "env").read_text():
                raise StackError("The keyring took no secret: does .ci/install find all programs?")
            yield env


@contextmanager
def _bus(env: dict[str, str]) -> Iterator[str]:
    """Run a session bus with an unlocked keyring; yield its address."""
    try:
        process = subprocess.Popen(
            ["dbus-run-session", "--", "sh", "-c", SESSION],
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
    except FileNotFoundError:
        raise StackError("dbus-run-session is missing: .ci/install installs it, as root on Debian") from None
    with process:  # closes its input, and waits for it
        yield first_line(process.stdout).strip()
