"""The names of an event's positional arguments.

Later releases have added arguments only at the end, so one list fits all releases, with one exception: in
25.13 ``model_import_done`` had name and type of the registry the other way round, and a size at the end.
"""

from collections.abc import Mapping, Sequence
from typing import Any

_SESSION_RESULT = ("session_id", "reason", "exit_code")
_TASK_END = ("task_id", "message")
MODEL_IMPORT_OF_25_13 = ("model_id", "revision", "registry_name", "registry_type", "total_size")

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


MAX_FURTHER = 8
"""How many arguments of a newer release, beyond those that are known, are kept to be counted."""


def named(name: str, arguments: Sequence[Any]) -> dict[str, Any] | None:
    """Name the arguments, None if their names are not known; further ones are called ``[5]``, ``[6]``."""
    names = _positions(name, arguments)
    if names is None:
        return None
    further = range(len(names), min(len(arguments), len(names) + MAX_FURTHER))
    return dict(zip((*names, *(f"[{number}]" for number in further)), arguments, strict=False))


def _positions(name: str, arguments: Sequence[Any]) -> tuple[str, ...] | None:
    last = arguments[-1] if len(arguments) == len(MODEL_IMPORT_OF_25_13) else None
    if name == "model_import_done" and isinstance(last, int) and not isinstance(last, bool):
        return MODEL_IMPORT_OF_25_13
    return POSITIONS.get(name)
