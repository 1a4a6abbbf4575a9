"""What a run says to its learner, and that it is never silent for long.

Most steps take a second, and say nothing. On a slow disk, behind a slow registry or with an app
that hangs the same step takes minutes, and a terminal without a word looks like a hang of ours.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["Notices", "line"]

SILENCE_S = 15.0


class Notices:
    """Says lines, and after some seconds without one which step it is that takes so long.

    Only within `during`: who waits for a person, or is between two steps, says nothing.
    """

    def __init__(self, say: Callable[[str], None], silence_s: float = SILENCE_S) -> None:
        self._say, self._silence_s = say, silence_s
        self._said_at_s = time.monotonic()
        self._steps: list[tuple[str, float]] = []  # those under way, and when each began

    def say(self, line: str) -> None:
        """Say a line."""
        self._said_at_s = time.monotonic()
        self._say(line)

    @contextmanager
    def during(self, step: str) -> Iterator[None]:
        """Name the step that the block is: "starting Postgres". Of steps in steps the inner one."""
        over, is_outer = threading.Event(), not self._steps
        speaker = threading.Thread(target=self._speak, args=(over,), daemon=True)
        self._steps.append((step, time.monotonic()))
        if is_outer:
            speaker.start()
        try:
            yield
        finally:
            self._steps.pop()
            if is_outer:
                over.set()
                speaker.join()

    def _speak(self, over: threading.Event) -> None:
        while not over.wait(max(0.0, self._said_at_s + self._silence_s - time.monotonic())):
            steps, now = self._steps[-1:], time.monotonic()
            if steps and now - self._said_at_s >= self._silence_s:
                ((step, began_at_s),) = steps
                self.say(line(step, now - began_at_s))


def line(step: str, age_s: float) -> str:
    """What is said of a step that began so long ago; it may be new when others were silent."""
    return f"Still {step}, after {age_s:.0f} s." if age_s >= 1 else f"Now {step}."
