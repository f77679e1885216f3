"""A Lambda that does nothing: what a start costs at least."""


def handler(_event: object, _context: object) -> dict[str, str]:
    """Answer with nothing."""
    return {}
