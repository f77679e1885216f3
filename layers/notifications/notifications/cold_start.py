"""Speed up the cold start of a function."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

from notifications import logs

NEW_OBJECTS = 25_000
"""After how many new objects the collector looks at them, instead of 700.

What a batch makes lives until the batch ends, so looking at it meanwhile finds nothing: 1.2 of 60 µs a
delivery. Cycles of so many objects take some 10 MB. To undo this, remove ``set_threshold``.
"""

_LOADER = "pydantic.plugin._loader"


@contextmanager
def loading() -> Iterator[None]:
    """Import what a function needs, with the garbage collector paused and pydantic's plugins off.

    The collector would scan the imported objects again and again, a tenth of the start, and find nothing,
    because they live as long as the process; afterwards they are frozen.
    """
    logs.set_up()
    sys.modules.setdefault(_LOADER, _without_plugins())
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.set_threshold(NEW_OBJECTS)
        gc.enable()


def _without_plugins() -> ModuleType:
    """Make what stands for pydantic's search for plugins, of which there are none.

    The search itself can be switched off by a variable (PYDANTIC_DISABLE_PLUGINS), but the module would still
    import importlib.metadata, which imports Python's email packages and sockets. That takes 5 % of the CPU of
    an API function's start. To undo this, remove the module; pydantic then loads its own.
    """
    loader = ModuleType(_LOADER)
    vars(loader)["get_plugins"] = tuple
    return loader
