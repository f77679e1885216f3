"""What the positional arguments of an event are called.

Later releases have added arguments at the end only, so one list does for all, with one exception: in release
25.13 ``model_import_done`` had name and type of the registry the other way round, and a size in the end.
"""

from collections.abc import Mapping, Sequence
from typing import Any

_SESSION_RESULT = ("session_id", "reason", "exit_code")
_TASK_END = ("task_id", "message")
_MODEL_IMPORT_OF_25_13 = ("model_id", "revision", "registry_name", "registry_type", "total_size")

POSITIONS: Mapping[str, tuple[str, ...]] = {
    "notification_triggered": ("rule_type", "timestamp", "notification_data"),
    "scheduling": ("session_id", "creation_id", "status_transition", "reason"),
    "session_started": ("session_id", "creation_id", "reason"),
    "session_terminated": ("session_id", "reason"),
    "session_success": _SESSION_RESULT,
    "session_failure": _SESSION_RESULT,
    "do_terminate_session": ("session_id", "reason"),
    "bgtask_done": _TASK_END,
    "bgtask_failed": _TASK_END,
    "bgtask_cancelled": _TASK_END,
    "bgtask_partial_success": (*_TASK_END, "errors"),
    "agent_started": ("reason",),
    "agent_terminated": ("reason",),
    "agent_error": ("message", "traceback", "user", "context_env", "severity"),
    "image_pull_failed": ("image", "agent_id", "msg", "image_ref"),
    "vfolder_clone_failure": ("vfid", "dst_vfid", "message"),
    "model_import_done": (
        "model_id",
        "revision",
        "registry_type",
        "registry_name",
        "success",
        "digest",
        "verification_result",
    ),
}


def positions(name: str, arguments: Sequence[Any]) -> tuple[str, ...] | None:
    """Return what the arguments are called, None if that is not known."""
    last = arguments[-1] if len(arguments) == len(_MODEL_IMPORT_OF_25_13) else None
    if name == "model_import_done" and isinstance(last, int) and not isinstance(last, bool):
        return _MODEL_IMPORT_OF_25_13
    return POSITIONS.get(name)
