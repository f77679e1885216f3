"""The colours of what tables show."""

STATES = {
    **dict.fromkeys(("active", "delivered", "dispatched", "enabled", "fires", "True", "yes"), "green"),
    **dict.fromkeys(("failing", "pending", "held", "dispatching", "observed", "collected"), "yellow"),
    **dict.fromkeys(("suspended", "failed", "refused", "dead_letter", "expired"), "red"),
    **dict.fromkeys(("disabled", "skipped", "unmatched", "muted", "False", "no"), "bright_black"),
}
"""The colours of states and statuses in tables."""
