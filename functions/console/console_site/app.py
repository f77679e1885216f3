"""The Lambda handler of the console. It has no rights, and needs no signature: its files are no secret.

What the console shows it asks the API for, with the keypair that is typed into it.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from console_site import assets

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
        "frame-ancestors 'none'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""What each response has. No script or style but the console's own is run, wherever it comes from."""

FOR_EVER = "public, max-age=31536000, immutable"
ASK_EACH_TIME = "no-cache"
NEVER_KEPT = "no-store"

GONE = "There is no such file; the console may have been updated since this page was loaded. Load it again.\n"

SITE = Path(__file__).parent.parent / "site"

_site = assets.read(SITE)


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Serve the page, or a file that it refers to."""
    path = (event.get("pathParameters") or {}).get("proxy")
    if path is None:
        return _page(event)
    digest, _, name = path.partition("/")
    asset = _site.files.get(name) if digest == _site.digest else None
    if asset is None:
        return _response(404, "text/plain; charset=utf-8", GONE, {"Cache-Control": NEVER_KEPT})
    return _served(event, asset, FOR_EVER)


def _page(event: Mapping[str, Any]) -> dict[str, Any]:
    path: str = (event.get("requestContext") or {}).get("path") or event["path"]
    if path.endswith("/"):  # relative to this the files would be one folder too deep
        return _response(
            308, "text/plain; charset=utf-8", "", {"Location": "../console", "Cache-Control": ASK_EACH_TIME}
        )
    return _served(event, _site.page, ASK_EACH_TIME)


def _served(event: Mapping[str, Any], asset: assets.Asset, kept: str) -> dict[str, Any]:
    headers = {"Cache-Control": kept, "ETag": asset.etag}
    if asset.etag in _known(event):
        return _response(304, asset.media_type, "", headers)
    return _response(200, asset.media_type, asset.text, headers)


def _known(event: Mapping[str, Any]) -> list[str]:
    """List the ETags that the browser has; a compressing gateway may have made them weak."""
    sent = {name.lower(): text for name, text in (event.get("headers") or {}).items()}
    return [tag.strip().removeprefix("W/") for tag in sent.get("if-none-match", "").split(",")]


def _response(status: int, media_type: str, text: str, headers: Mapping[str, str]) -> dict[str, Any]:
    return {
        "statusCode": status,
        "headers": {"Content-Type": media_type, **headers, **SECURITY_HEADERS},
        "body": text,
        "isBase64Encoded": False,
    }
