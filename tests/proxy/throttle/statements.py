"""PartiQL as far as the service uses it: statements that insert an item."""

import re
from collections.abc import Mapping
from typing import Any

_INSERT = re.compile(
    r"""INSERT INTO "(?P<table>[^"]+)" VALUE \{(?P<attributes>'\w+': \?(?:, '\w+': \?)*)\}"""
)


def insertion(statement: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return the table and the item of an INSERT with parameters.

    Raises:
        NotImplementedError: it is another statement.
    """
    found = _INSERT.fullmatch(statement["Statement"])
    if found is None:
        raise NotImplementedError(statement["Statement"])
    names = re.findall(r"'(\w+)'", found["attributes"])
    return found["table"], dict(zip(names, statement["Parameters"], strict=True))
