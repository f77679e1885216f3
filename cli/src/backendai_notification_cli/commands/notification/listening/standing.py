"""Where a listener stands, kept in a file, so that it resumes there: position, secret, what is done."""

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from backendai_notification_cli.http import envfile, profiles

SECRET_BYTES = 32
POSITION, SECRET, DONE = "POSITION", "SIGNING_SECRET", "DONE"


@dataclass(slots=True)
class Standing:
    """A place among the events. ``done``: the deliveries that were told of since ``position``."""

    path: Path
    secret: str
    position: str | None = None
    done: set[str] = field(default_factory=set)

    def finish(self, delivery_id: str) -> None:
        """Note that a delivery was told of."""
        self.done.add(delivery_id)
        self._save()

    def move(self, position: str) -> None:
        """Note that all up to a position was told of."""
        if position != self.position:
            self.position, self.done = position, set()
            self._save()

    def _save(self) -> None:
        values = {SECRET: self.secret, POSITION: self.position or "", DONE: " ".join(sorted(self.done))}
        envfile.save(self.path, values)


def load(endpoint: str, wanted: Mapping[str, Any], *, afresh: bool) -> Standing:
    """Read where the listener for these filters stopped; the secret stays when it starts afresh."""
    told = json.dumps([endpoint, wanted], sort_keys=True).encode()
    path = profiles.folder() / "listen" / f"{hashlib.sha256(told).hexdigest()[:16]}.env"
    values = envfile.load(path) or {}
    secret = values.get(SECRET) or f"whsec_{base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()}"
    if afresh:
        return Standing(path, secret)
    return Standing(path, secret, values.get(POSITION) or None, set(values.get(DONE, "").split()))
