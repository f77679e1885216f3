"""The Secret Service of Linux's desktops, asked over one connection, without a prompt.

It is asked through `secretstorage`, which `keyring` uses there, too. `keyring` takes nearly three times the
CPU to read a secret: it loads its discovery of keyrings, connects four times, and has the secret encrypted on
the bus.
"""

from contextlib import closing

import secretstorage
from jeepney import DBusErrorResponse
from secretstorage.defines import ALGORITHM_PLAIN, SS_PATH
from secretstorage.dhcrypto import Session
from secretstorage.exceptions import SecretStorageException
from secretstorage.util import SERVICE_IFACE, DBusAddressWrapper


def is_ready() -> bool:
    """Whether the default collection exists and is unlocked; otherwise a prompt would open for it."""
    try:
        with closing(secretstorage.dbus_init()) as connection:
            return not secretstorage.Collection(connection).is_locked()
    except SecretStorageException:
        return False


def read(service: str, user: str) -> str | None:
    """Return the secret that `keyring` keeps by these names in the default collection.

    None if it cannot be read without a prompt, is not there, or the service wants encryption: then `keyring`
    finds it, or says why it cannot be read.
    """
    try:
        with closing(secretstorage.dbus_init()) as connection:
            # Unencrypted: encryption would take half as much CPU again, and whoever can watch this user's bus
            # can ask for the secret as well.
            session = Session()
            address = DBusAddressWrapper(SS_PATH, SERVICE_IFACE, connection)
            _, session.object_path = address.call("OpenSession", "sv", ALGORITHM_PLAIN, ("s", ""))
            session.encrypted = False
            collection = secretstorage.Collection(connection, session=session)
            for item in collection.search_items({"service": service, "username": user}):
                return item.get_secret().decode()
    except (SecretStorageException, DBusErrorResponse):
        return None
    return None
