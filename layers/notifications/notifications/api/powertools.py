"""Powertools' router, which all other modules must import from here.

The ``__init__`` of Powertools' packages also imports loggers, tracers, resolvers for AppSync and Bedrock,
asyncio, and a class for the events of each of forty services, which takes a fifth of an API function's start.
This module registers the packages without running it, and finds a name that is imported from a package in the
module that defines it.
"""

import logging
import sys
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from typing import Any

# At the level DEBUG, which an operator may choose, Powertools logs each request with its credentials.
logging.getLogger("aws_lambda_powertools").setLevel(logging.INFO)

_ROUTER = "aws_lambda_powertools.event_handler"
_EVENTS = "aws_lambda_powertools.utilities.data_classes"
_PACKAGES = ("aws_lambda_powertools", _ROUTER, f"{_ROUTER}.openapi", _EVENTS)
_MODULES = {
    "ALBEvent": f"{_EVENTS}.alb_event",
    "APIGatewayProxyEvent": f"{_EVENTS}.api_gateway_proxy_event",
    "APIGatewayProxyEventV2": f"{_EVENTS}.api_gateway_proxy_event",
    "BedrockAgentEvent": f"{_EVENTS}.bedrock_agent_event",
    "LambdaFunctionUrlEvent": f"{_EVENTS}.lambda_function_url_event",
    "VPCLatticeEvent": f"{_EVENTS}.vpc_lattice",
    "VPCLatticeEventV2": f"{_EVENTS}.vpc_lattice",
}
"""The modules of names that the router's module imports but does not define."""


def _find(name: str) -> Any:
    return getattr(import_module(_MODULES.get(name, f"{_ROUTER}.api_gateway")), name)


def _enter(package: str) -> None:
    spec = find_spec(package)
    assert spec  # noqa: S101 - it is pinned
    module = module_from_spec(spec)
    vars(module)["__getattr__"] = _find
    sys.modules[package] = module


for _package in _PACKAGES:
    if _package not in sys.modules:
        _enter(_package)

from aws_lambda_powertools.event_handler.api_gateway import (  # noqa: E402 - ``_enter`` must run first
    APIGatewayRestResolver,
    Response,
    Router,
)
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError  # noqa: E402 - ``_enter`` must run first
from aws_lambda_powertools.event_handler.openapi.params import Header, Query  # noqa: E402 - ``_enter`` must run first
from aws_lambda_powertools.utilities.typing import LambdaContext  # noqa: E402 - ``_enter`` must run first

__all__ = [
    "APIGatewayRestResolver",
    "Header",
    "LambdaContext",
    "Query",
    "RequestValidationError",
    "Response",
    "Router",
]
