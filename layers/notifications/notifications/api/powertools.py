"""Powertools' router and what belongs to it. Nobody else imports it from Powertools.

The package that the router lies in also loads its resolvers for AppSync and Bedrock, and asyncio for them:
more than a tenth of an API function's start. Here it is entered without running its ``__init__``; whoever
asks it for a name gets the router's.
"""

import sys
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from typing import Any

_PACKAGE = "aws_lambda_powertools.event_handler"
_ROUTER = f"{_PACKAGE}.api_gateway"


def _of_router(name: str) -> Any:
    return getattr(import_module(_ROUTER), name)


def _enter_package() -> None:
    spec = find_spec(_PACKAGE)
    assert spec  # noqa: S101 - it is pinned
    package = module_from_spec(spec)
    vars(package)["__getattr__"] = _of_router
    sys.modules[_PACKAGE] = package


if _PACKAGE not in sys.modules:
    _enter_package()

from aws_lambda_powertools.event_handler.api_gateway import (  # noqa: E402 - now it is light
    APIGatewayRestResolver,
    Response,
    Router,
)
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError  # noqa: E402
from aws_lambda_powertools.event_handler.openapi.params import Query  # noqa: E402
from aws_lambda_powertools.utilities.typing import LambdaContext  # noqa: E402

__all__ = [
    "APIGatewayRestResolver",
    "LambdaContext",
    "Query",
    "RequestValidationError",
    "Response",
    "Router",
]
