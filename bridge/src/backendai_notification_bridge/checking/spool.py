"""The spool: can its file be written, and has the disk room for all that it may hold?"""

import os
import shutil
import tempfile
from collections.abc import Iterator

from backendai_notification_bridge.checking.finding import Finding, good, limited, missing
from backendai_notification_bridge.settings import SpoolSettings

MIB = 1024**2


def look(spool: SpoolSettings) -> Iterator[Finding]:
    """Check the directory; the spool itself may be in use by a running bridge."""
    directory = spool.file.parent
    try:
        with tempfile.TemporaryFile(dir=directory) as file:
            file.write(b"check")
            os.fsync(file.fileno())
        free = shutil.disk_usage(directory).free
    except OSError as error:
        yield missing(f"Spool: {directory}: {error.strerror}")
        return
    if free < spool.max_bytes:
        yield limited(
            f"Spool: {directory} has {free // MIB:,} MiB left, spool.max_bytes is {spool.max_bytes // MIB:,}"
        )
    else:
        yield good(f"Spool: {directory} can be written, and has room")
