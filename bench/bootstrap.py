"""What Lambda's runtime runs: AWS's runtime client, which here also writes down the CPU time that it took.

Started by ``bench.runtime`` in the environment .venv-runtime, so it imports nothing of ours, and as little as
it can: that is counted too. A line each is written to the file CPU_LOG when the function is loaded, and when
each of its invocations has ended.
"""

import os
import sys
import time

from awslambdaric import __main__ as runtime
from awslambdaric.lambda_runtime_client import LambdaRuntimeClient

_wait = LambdaRuntimeClient.wait_next_invocation


def _noting(client: LambdaRuntimeClient) -> object:
    with open(os.environ["CPU_LOG"], "a") as log:
        log.write(f"{time.process_time()}\n")
    return _wait(client)


LambdaRuntimeClient.wait_next_invocation = _noting
runtime.main(sys.argv)
