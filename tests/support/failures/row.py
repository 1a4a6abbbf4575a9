"""A row of the failure matrix: what is done, and what must come of it. Knows no pytest."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.support.failures.bench import Bench
from tests.support.failures.ended import Ended, Expect

__all__ = ["AREAS", "Row", "Table"]

SILENCE_S = 30.0


AREAS = {
    "settings": "Settings and the app's files",
    "foreign": "A server that somebody else's data live on",
    "environment": "The environment",
    "machine": "The machine",
    "docker": "Docker",
    "pytest": "pytest",
    "app": "The app under exercise",
    "live": "The live site",
    "data": "A learner's files, in katas on simulated data",
}


@dataclass(frozen=True)
class Row:
    """One row. `act` does it and says how it ended; `says` must stand in what was printed.

    `says` is a text in which * stands for anything; empty: no message is needed. `left` is what
    stays behind by intention; whatever else a row leaves is an error.
    """

    area: str
    done: str
    expected: Expect
    says: str
    act: Callable[[Bench], Ended]
    left: str = "nothing"
    long: bool = False

    @property
    def id(self) -> str:
        words = re.sub(r"\W+", "-", self.done.lower()).strip("-")
        return f"{self.area}-{words}"

    def problems(self, ended: Ended) -> list[str]:
        """What is not as it must be; empty if all is."""
        problems = list(ended.left)
        if ended.outcome is not self.expected:
            problems.append(f"expected: {self.expected}; came: {ended.outcome}")
        pattern = ".*".join(re.escape(part.strip()) for part in self.says.split("*"))
        if not re.search(pattern, " ".join(ended.output.split()), re.DOTALL):
            problems.append(f"it does not say {self.says!r}")
        if "a bug of ours" in ended.output:
            problems.append("it is called a bug of ours")
        if ended.silence_s > SILENCE_S:
            problems.append(f"{ended.silence_s:.0f} s without a word")
        return problems

    def require(self, bench: Bench) -> None:
        """Do it; AssertionError with all that was printed if anything is not as it must be."""
        ended = self.act(bench)
        assert self.problems(ended) == [], ended.output


Act = Callable[[Bench], Ended]


@dataclass
class Table:
    """The rows of a module, in its order."""

    area: str
    rows: list[Row] = field(default_factory=list)

    def row(
        self, done: str, expected: Expect, says: str = "", left: str = "nothing", long: bool = False
    ) -> Callable[[Act], Act]:
        """A decorator: the function does what `done` says."""

        def add(act: Act) -> Act:
            self.rows.append(Row(self.area, done, expected, says, act, left, long))
            return act

        return add

    def session(
        self,
        done: str,
        expected: Expect,
        says: str = "",
        more: str = "",
        *options: str,
        long: bool = False,
        **given: Any,
    ) -> None:
        """A row that is a session of the bench: `more`, `options` and `given` are its own."""
        self.row(done, expected, says, long=long)(
            lambda bench: bench.session(more, *options, **given)
        )
