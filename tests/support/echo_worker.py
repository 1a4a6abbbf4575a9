"""A worker for tests: `python -m tests.support.echo_worker echo`; `broken` is never ready.

It says every order back. But "fail" makes it fail, "half" makes it end in the middle of a message,
and "sleep" makes it deaf.
"""

import asyncio
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

from dojo.worker import send_message, serve_orders


def handle_order(order: Any) -> None:
    """Say it back, or do it."""
    if order == "fail":
        print("what went wrong", file=sys.stderr, flush=True)
        os._exit(7)
    if order == "half":
        sys.stdout.buffer.write(bytes(7) + b"\x09half")
        sys.stdout.buffer.flush()
        os._exit(0)
    if order == "sleep":
        send_message("asleep")
        time.sleep(60)
    send_message(order)


async def main() -> None:
    """Greet with what a parent can't know, and take orders."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    await serve_orders(handle_order, (os.getpid(), str(Path.cwd()), sys.argv[1:], soft))
    await asyncio.Event().wait()


if __name__ == "__main__":
    if sys.argv[1] == "broken":
        raise ZeroDivisionError("before it was ready")
    asyncio.run(main())
