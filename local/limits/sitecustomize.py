"""What Python loads first in a local stack's processes: a function gets the memory that its template says.

Lambda ends a process that takes more. Here it gets no more: what it asks for beyond fails with MemoryError,
and its invocation with that.
"""

import os
import resource
import threading

THREAD_STACK_BYTES = 512 * 1024
"""The whole stack of a thread counts here, on Lambda only what is used of it: so it must not be 8 MB."""

megabytes = os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
if megabytes is not None:
    limit = int(megabytes) * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    threading.stack_size(THREAD_STACK_BYTES)
