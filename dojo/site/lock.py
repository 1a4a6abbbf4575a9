"""One run at a time: two that measure at once would measure each other."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from dojo.errors import BadSetting, GraderFault

__all__ = ["alone"]


@contextmanager
def alone(
    cache: Path, say: Callable[[str], None], wait_s: float = 300.0, command: str = ""
) -> Iterator[None]:
    """Hold the cache's lock; the kernel lets go of it however the holder ends.

    Waits for another holder, naming it, and raises GraderFault after `wait_s` seconds. `command`
    is for what goes on until somebody ends it: others are told to do that, and a second one of its
    kind does not wait.
    """
    try:
        cache.mkdir(parents=True, exist_ok=True)
        held = (cache / "run.lock").open("a+")
    except OSError as error:
        raise BadSetting(
            f"{cache} can't be written: {error}. Set DOJO_CACHE to a folder that can."
        ) from error
    with held:
        until = time.monotonic() + wait_s
        told = False
        while True:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                held.seek(0)
                holder, _, going_on = (held.read().strip() or "unknown").partition(" ")
                who = f"{going_on} (process {holder})"
                if going_on and going_on == command:
                    raise GraderFault(
                        f"{who} runs already. One is enough: use it, or end it."
                    ) from None
                if time.monotonic() > until:
                    raise GraderFault(
                        f"{who if going_on else f'Another run (process {holder})'} has not ended"
                        f" for {wait_s:.0f} s. End it, then run again."
                    ) from None
                if not told and going_on:
                    say(
                        f"{who} is running, and the two would measure each other. End it with"
                        f" Ctrl-C: this run waits {wait_s:.0f} s for that, and then goes on."
                    )
                elif not told:
                    say(f"Another run (process {holder}) is measuring; waiting for it to end.")
                told = True
                time.sleep(0.1)
        held.truncate(0)
        held.write(f"{os.getpid()} {command}".strip())
        held.flush()
        yield
