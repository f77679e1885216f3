"""The start of a function."""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager

from notifications import logs


@contextmanager
def loading() -> Iterator[None]:
    """Import what a function needs, for as long as its process lives.

    The collector of garbage would look through all of it again and again, which takes a tenth of the start,
    and finds nothing; nor does it look at it later. And pydantic would look for plugins in all installed
    packages: there are none.
    """
    logs.set_up()
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
