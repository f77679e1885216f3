"""What a webhook's URL may be."""

from urllib.parse import urlsplit

from notifications.core.errors import InvalidRequest

MAX_URL_CHARS = 2_048
SCHEMES = ("http", "https")


def check_url(url: str) -> None:
    """Refuse a URL that no webhook can be sent to.

    Raises:
        InvalidRequest: not http(s), no host, credentials in it, control characters, a bad port,
            or longer than ``MAX_URL_CHARS``. The message does not repeat the URL: it may be a secret.
    """
    if len(url) > MAX_URL_CHARS:
        raise InvalidRequest(f"The URL has {len(url)} characters, at most {MAX_URL_CHARS} are allowed")
    if any(character <= " " or character == "\x7f" for character in url):
        raise InvalidRequest("The URL has a space or a control character in it")
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise InvalidRequest(f"The URL is malformed: {error}") from None
    if parts.scheme not in SCHEMES:
        raise InvalidRequest(f"The URL must begin with http:// or https://, not {parts.scheme or 'nothing'}")
    if not parts.hostname:
        raise InvalidRequest("The URL has no host")
    if parts.username is not None or parts.password is not None:
        raise InvalidRequest("The URL has credentials in it; use a header for them")
