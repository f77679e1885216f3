"""Numbers of things, in words."""


def counted(count: int, one: str, several: str = "") -> str:
    """Write a number before its noun: `1 event`, `2 events`. ``several``: a plural that `s` does not make."""
    return f"{count} {one if count == 1 else several or f'{one}s'}"
