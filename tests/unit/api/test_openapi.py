"""The OpenAPI document, the template and the code tell of the same routes."""

import tools.openapi
from notifications.api import openapi
from tests.template import routes

CATCH_ALL = "/{proxy+}"


def test_document_is_that_of_the_code() -> None:
    """What is shipped is what ``make openapi`` would write now."""
    for path, text in tools.openapi.texts().items():
        assert path.read_text("utf-8") == text


def test_routes_are_those_of_the_template() -> None:
    """Each route of the template is in the document, and each one there is in the template."""
    documented = {
        (method.upper(), path) for path, methods in openapi.document()["paths"].items() for method in methods
    }
    assert documented == {
        (route.method, route.path)
        for route in routes()
        if route.path != CATCH_ALL and route.method != "OPTIONS"  # those are a browser's, not a client's
    }


def test_only_the_version_needs_no_signature() -> None:
    """The document asks for a signature on every route but GET /."""
    for path, methods in openapi.document()["paths"].items():
        for method, operation in methods.items():
            assert operation["security"] == ([] if (method, path) == ("get", "/") else [{"keypair": []}])
            # The router's own 422 is 400 here; only sets of configuration have one.
            own = "configuration" in path and operation["responses"].get("422", {}).get("$ref")
            assert "422" not in operation["responses"] or own


def test_methods_at() -> None:
    """The methods of a path are found with its parameters filled in; an unknown path has none."""
    assert openapi.methods_at("/") == ["GET"]
    assert openapi.methods_at("/notifications/channels/8d1c") == ["DELETE", "GET", "PATCH"]
    assert openapi.methods_at("/notifications/channels") == ["POST"]
    assert openapi.methods_at("/notifications/nothing") == []
    assert openapi.methods_at("/notifications/channels/8d1c/validate/more") == []


def test_needs_body() -> None:
    """A route that has nothing to be told takes a request without a body, all others of its method do not."""
    assert openapi.needs_body("POST", "/notifications/channels")
    assert openapi.needs_body("PATCH", "/notifications/channels/{channel_id}")
    assert not openapi.needs_body("POST", "/notifications/channels/{channel_id}/resume")
    assert not openapi.needs_body("POST", "/notifications/deliveries/{delivery_id}/retry")
