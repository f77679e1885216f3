"""Read the value of a pickled enum member of Backend.AI without unpickling anything."""

import pickletools

from backendai_notification_bridge.core.errors import Undecodable

MAX_PICKLE_BYTES = 1024
"""Backend.AI's longest has some 120 bytes."""

_TEXTS = frozenset({"SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8", "UNICODE"})


def last_text(data: bytes) -> str:
    """Return the last text in a pickle: a pickled enum's member is module, class, value.

    Unpickling would run whatever the sender likes. ``genops`` only splits a pickle into its operations.

    Raises:
        Undecodable: it is too long, is no pickle, or has no text.
    """
    if len(data) > MAX_PICKLE_BYTES:
        raise Undecodable(f"a pickle of {len(data)} bytes, of {MAX_PICKLE_BYTES} at most")
    text: str | None = None
    try:
        for operation, argument, _ in pickletools.genops(data):
            if operation.name in _TEXTS and isinstance(argument, str):
                text = argument
    except (ValueError, OverflowError) as error:
        raise Undecodable("a pickle that is cut or malformed") from error
    if text is None:
        raise Undecodable("a pickle without a text")
    return text
