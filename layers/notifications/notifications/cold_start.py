"""Speed up the cold start of a function."""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager

from notifications import logs


@contextmanager
def loading() -> Iterator[None]:
    """Import what a function needs, with the garbage collector paused and pydantic's plugins off.

    The collector would scan the imported objects again and again, a tenth of the start, and find nothing,
    because they live as long as the process; afterwards they are frozen. pydantic would search all installed
    packages for plugins, of which there are none.
    """
    logs.set_up()
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
