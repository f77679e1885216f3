"""What the tests of exports share."""

from typing import Any

from notifications.core.config_files.exporting import Exported, Stored, Variable, export
from notifications.core.config_files.keyed import Wanted
from notifications.core.managing import Managed
from tests.samples import configuration as samples

PROD, STAGING = "prod", "staging"
OPS = samples.channel(id="c-1", name="ops", managed=Managed(PROD, "ops"))
FAILED = samples.rule(id="r-1", name="failed", channel_id="c-1", managed=Managed(PROD, "failed"))


def exported(stored: Stored, *, of: str | None = PROD, unmanaged: bool = False) -> Exported:
    """Export a set."""
    return export(stored, Wanted(of, unmanaged))


def channel(spec: Any, **changes: Any) -> tuple[dict[str, Any], list[Variable]]:
    """Export one channel; return its document and its variables."""
    made = exported(Stored([samples.channel(name="ops", spec=spec, managed=Managed(PROD, "ops"), **changes)]))
    return made.document["channels"]["ops"], [*made.variables]
