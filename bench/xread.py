"""``python -m bench.xread PORT``: read the stream in the plainest way, and say how many entries came."""

import sys
from typing import Any

import valkey

from local.recordings import STREAM

QUIET_MILLISECONDS = 2_000


def main() -> None:
    """Read until nothing comes any more."""
    client: Any = valkey.Valkey(port=int(sys.argv[1]), db=4)
    client.xgroup_create(STREAM, "nobody", "$", mkstream=True)  # so that there is a stream to wait for
    print("reading", flush=True)
    last, count = "0-0", 0
    while True:
        reply = client.xread({STREAM: last}, block=QUIET_MILLISECONDS if count else 60_000, count=10_000)
        if not reply:
            break
        entries = reply[0][1]
        last, count = entries[-1][0], count + len(entries)
    print(count, flush=True)


if __name__ == "__main__":
    main()
