"""What the positional arguments of an event are called.

Later releases have added arguments at the end only, so one list does for all.
"""

_SESSION_RESULT = ("session_id", "reason", "exit_code")
_TASK_END = ("task_id", "message")

POSITIONS: dict[str, tuple[str, ...]] = {
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
