"""Serves the console's files from the working tree, in place of those that are deployed."""

import re

from playwright.sync_api import BrowserContext, Route

from console_site import app

_CONSOLE = re.compile(r"^(https?://[^/]+/.*?/console)(?:/([^?#]*))?$")


def serve_from_tree(context: BrowserContext) -> None:
    """Let the function's own handler respond within this process."""
    context.route(_CONSOLE, _respond)


def _respond(route: Route) -> None:
    found = _CONSOLE.match(route.request.url)
    assert found is not None
    event = {
        "path": "/console",
        "headers": route.request.headers,
        "pathParameters": {"proxy": found[2]} if found[2] else None,
    }
    response = app.handler(event, None)
    route.fulfill(status=response["statusCode"], headers=response["headers"], body=response["body"])
