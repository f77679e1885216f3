"""Which process runs which tests, where there are several."""

from xdist.scheduler import LoadFileScheduling

END_TO_END = "tests/e2e"


class TogetherScheduling(LoadFileScheduling):  # type: ignore[misc]
    """Gives a process one file after another, and all that needs a local stack to one process."""

    def _split_scope(self, nodeid: str) -> str:
        return END_TO_END if nodeid.startswith(f"{END_TO_END}/") else str(super()._split_scope(nodeid))
