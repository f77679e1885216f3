"""Bounded templates: see docs/decisions/0013-bounded-templates.md.

Jinja2's ``__init__`` also imports its loaders and its cache of files, and with them tempfile, shutil and
pickle, which takes 3 % of the dispatcher's start. So the package is registered here without running its
``__init__``, before this service imports from it, and modules outside this package import Jinja2's names from
here. The ``__init__`` still runs when a name that only it has is looked up. To undo this, remove ``_enter``.
"""

import sys
from importlib.util import find_spec, module_from_spec
from typing import Any


def _enter(package: str) -> None:
    spec = find_spec(package)
    assert spec  # noqa: S101 - it is pinned
    assert spec.loader  # noqa: S101 - and a package with code
    module, loader = module_from_spec(spec), spec.loader

    def ask(name: str) -> Any:
        if name.startswith("__") or find_spec(f"{package}.{name}"):
            raise AttributeError(name)  # it is a module of the package, which Python imports next
        del module.__getattr__
        loader.exec_module(module)
        return getattr(module, name)

    vars(module)["__getattr__"] = ask
    sys.modules[package] = module


if "jinja2" not in sys.modules:
    _enter("jinja2")

from jinja2.environment import Template  # noqa: E402 - ``_enter`` must run first
from jinja2.exceptions import SecurityError, UndefinedError  # noqa: E402 - ``_enter`` must run first
from jinja2.exceptions import TemplateError as JinjaError  # noqa: E402 - ``_enter`` must run first

__all__ = ["JinjaError", "SecurityError", "Template", "UndefinedError"]
