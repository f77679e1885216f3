"""Bounded templates: see docs/decisions/0013-bounded-templates.md.

The ``__init__`` of Jinja2 also imports its loaders and its cache of files, and with them tempfile, shutil
and pickle, which takes 3 % of the dispatcher's start. So its package is registered here without running it,
before this service imports from it, and modules outside this package import Jinja2's names from here.
The ``__init__`` still runs when somebody asks for what only it has. To undo this, remove ``_enter``.
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
            raise AttributeError(name)  # of a module of the package, which is imported next
        del module.__getattr__
        loader.exec_module(module)
        return getattr(module, name)

    vars(module)["__getattr__"] = ask
    sys.modules[package] = module


if "jinja2" not in sys.modules:
    _enter("jinja2")

from jinja2.environment import Template  # noqa: E402 - now it is light
from jinja2.exceptions import SecurityError, UndefinedError  # noqa: E402
from jinja2.exceptions import TemplateError as JinjaError  # noqa: E402

__all__ = ["JinjaError", "SecurityError", "Template", "UndefinedError"]
