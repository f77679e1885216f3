"""Whether colours are wanted, as the variables say that programs agree on."""

import os
from collections.abc import Mapping

STATES = {
    **dict.fromkeys(("active", "delivered", "dispatched", "enabled", "fires", "True", "yes"), "green"),
    **dict.fromkeys(("failing", "pending", "held", "dispatching", "observed", "collected"), "yellow"),
    **dict.fromkeys(("suspended", "failed", "refused", "dead_letter", "expired"), "red"),
    **dict.fromkeys(("disabled", "skipped", "unmatched", "muted", "False", "no"), "bright_black"),
}
"""The colours of states and statuses in tables."""


def wanted(environment: Mapping[str, str] = os.environ) -> bool | None:
    """Return whether output is coloured; None if a terminal's is, and no other.

    NO_COLOR is asked first (https://no-color.org), then FORCE_COLOR and CLICOLOR_FORCE, then CLICOLOR.
    """
    if environment.get("NO_COLOR"):
        return False
    if any(environment.get(name, "0") not in {"", "0"} for name in ("FORCE_COLOR", "CLICOLOR_FORCE")):
        return True
    if environment.get("CLICOLOR") == "0" or environment.get("TERM") == "dumb":
        return False
    return None
