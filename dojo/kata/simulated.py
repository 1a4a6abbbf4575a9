"""What a simulated kata states and what it is given: a kata that is judged on data, without a load.

A run uses one instance of the kata, and calls its parts in this order.

    checks      at any time, also of an instance that was made with no arguments. Values.
    read        once: the learner's files, as texts. Pure: a file that can't be used is refused
                (LearnerFile.refused), with its line.
    draw        once: the data, from a seed alone, so that a seed gives the same data again.
    fill        once: copies what the learner may look at into a new database, made from the kata's
                schema.sql. It is kept until the next run, for `./run dojo sql --kata NN`.
    judge       once: counts the good ones of all, for each measure of slo.yaml.
      (then each check, with the judgement's evidence)

A FileRefused, from `read` or `judge`, is the learner's. Any other exception is the grader's fault.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from dojo.errors import FileRefused
from dojo.kata.contract import Finding
from dojo.sections import Section
from dojo.slo.measures import Measure

if TYPE_CHECKING:  # a value loads no client
    from pathlib import Path

    import psycopg

__all__ = ["DataCheck", "Judgement", "LearnerDatabase", "LearnerFile", "SimulatedKata"]


@dataclass(frozen=True, slots=True)
class LearnerFile:
    """A file that the learner edits, read as text."""

    name: str  # "app/ops/alerts.yaml"
    text: str

    def refused(
        self, reason: str, line: int | None = None, column: int | None = None
    ) -> FileRefused:
        """What to raise if the file can't be used; `reason` is a sentence without its full stop."""
        return FileRefused(self.name, reason, line, column)


@dataclass(frozen=True, slots=True)
class DataCheck:
    """Something that must hold besides the measures; `run` gets the judgement's evidence."""

    name: str
    run: Callable[[Any], Finding]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a kata found out: its measures by the names of slo.yaml, and what it shows of them."""

    measures: Mapping[str, Measure]
    sections: Sequence[Section] = ()
    evidence: Any = None  # for the checks
    facts: Mapping[str, Any] = field(default_factory=dict)  # JSON values, for latest.json


class LearnerDatabase(Protocol):
    """The filled database, for a kata whose learner writes SQL."""

    def query(
        self,
        file: LearnerFile,
        *,
        tables: Sequence[str],
        columns: Sequence[str],
        timeout_s: float = 5.0,
        most_rows: int = 200_000,
    ) -> list[tuple[Any, ...]]:
        """The rows of the file's one statement, which may read `tables` and nothing else.

        Without any row nobody knows the columns, and the list is empty. FileRefused, with line and
        column as Postgres tells them, on an error, on a second statement, on other columns, on too
        many rows and when the time is over.
        """

    def rows(self, statement: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """The rows of a statement of the kata's own, as a superuser."""


class SimulatedKata(Protocol):
    """A kata that draws its data and judges what the learner's files make of them."""

    folder: "Path"  # with its slo.yaml, schema.sql, README.md and .meta
    files: Sequence[str]  # that the learner edits: "app/ops/alerts.yaml"

    @property
    def checks(self) -> Sequence[DataCheck]:
        """What must hold besides the measures; may be empty."""

    def read(self, files: Mapping[str, LearnerFile]) -> Any:
        """The learner's design as a value; FileRefused if a file can't be used."""

    def draw(self, seed: int) -> Any:
        """The data, from the seed alone."""

    def fill(self, db: "psycopg.Connection[tuple[Any, ...]]", data: Any) -> None:
        """Copy what the learner may look at; as a superuser, autocommit."""

    def judge(self, data: Any, design: Any, database: LearnerDatabase) -> Judgement:
        """Hold the learner's design against the data."""
