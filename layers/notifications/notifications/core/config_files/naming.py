"""Names in exported files: the keys of objects, and the variables that stand for secrets."""

import re
import unicodedata

MAX_KEY_CHARS = 64

_NO_KEY = re.compile("[^a-z0-9._-]+")
_NO_VARIABLE = re.compile("[^A-Z0-9]+")


class Taken:
    """Names that are in use, to find free ones beside them."""

    def __init__(self, names: set[str] | None = None) -> None:
        self._names = set(names or ())

    def free(self, wanted: str, separator: str, longest: int) -> str:
        """Take a name; if it is in use already, it gets the next number."""
        name, number = wanted[:longest], 1
        while name in self._names:
            number += 1
            end = f"{separator}{number}"
            name = wanted[: longest - len(end)] + end
        self._names.add(name)
        return name

    def key(self, name: str, kind: str) -> str:
        """Take a key like a name; ``kind``: for a name that has no letter or digit of ASCII."""
        return self.free(_as_key(name) or kind.replace("_", "-"), "-", MAX_KEY_CHARS)

    def variable(self, key: str, part: str) -> str:
        """Take the name of a variable for a part of the object that has this key."""
        made = _NO_VARIABLE.sub("_", f"{key} {part}".upper()).strip("_")
        return self.free(made if made[:1].isalpha() else f"CHANNEL_{made}", "_", 2 * MAX_KEY_CHARS)


def _as_key(name: str) -> str:
    """Write a name with what a key may have: accents go, and anything else becomes a hyphen."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return _NO_KEY.sub("-", plain).strip("-._")[:MAX_KEY_CHARS].rstrip("-._")
