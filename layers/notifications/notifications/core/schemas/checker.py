"""jsonschema-rs, loaded without Python's email packages.

It parses the time of its own build with ``email.utils``, and nobody needs that time. Importing those packages
takes 3 ms, 3 % of the dispatcher's start. So a module that parses nothing replaces them during the import. To
undo this, import jsonschema_rs where this module is imported.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

_READER = "email.utils"


@contextmanager
def _without_email() -> Iterator[None]:
    if _READER in sys.modules:
        yield
        return
    stand_in = ModuleType(_READER)
    vars(stand_in)["parsedate_to_datetime"] = lambda _: None
    sys.modules[_READER] = stand_in
    try:
        yield
    finally:
        del sys.modules[_READER]


with _without_email():
    import jsonschema_rs

__all__ = ["jsonschema_rs"]
