"""The OpenAPI document, made from the code of the API functions and the examples beside this file."""

import json

from local.common import ROOT
from local.openapi.document import document

FILE = ROOT / "layers/notifications/notifications/api/openapi.json"


def text() -> str:
    """Write the document as it is kept."""
    return json.dumps(document(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"
