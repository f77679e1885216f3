"""Powertools' router. Everybody else imports it from here, not from Powertools.

The ``__init__`` of its packages also imports loggers, tracers, resolvers for AppSync and Bedrock, and
asyncio, which takes a tenth of an API function's start. So the packages are registered here without running
it, and names of the router's package are looked up in the router's module.
"""

import sys
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from typing import Any

_PACKAGES = ("aws_lambda_powertools", "aws_lambda_powertools.event_handler")
_ROUTER = "aws_lambda_powertools.event_handler.api_gateway"


def _of_router(name: str) -> Any:
    return getattr(import_module(_ROUTER), name)


def _enter(package: str) -> None:
    spec = find_spec(package)
    assert spec  # noqa: S101 - it is pinned
    module = module_from_spec(spec)
    vars(module)["__getattr__"] = _of_router
    sys.modules[package] = module


for _package in _PACKAGES:
    if _package not in sys.modules:
        _enter(_package)

from aws_lambda_powertools.event_handler.api_gateway import (  # noqa: E402 - now it is light
    APIGatewayRestResolver,
    Response,
    Router,
)
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError  # noqa: E402
from aws_lambda_powertools.event_handler.openapi.params import Header, Query  # noqa: E402
from aws_lambda_powertools.utilities.typing import LambdaContext  # noqa: E402

__all__ = [
    "APIGatewayRestResolver",
    "Header",
    "LambdaContext",
    "Query",
    "RequestValidationError",
    "Response",
    "Router",
]
