"""A cohort's results on disk: a file for each row, reports, and the tables made from them.

Rows are stored by their content's key, each whole or not at all, so that several machines may write
into one folder, and a call that was ended goes on where it was.
"""

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from dojo.errors import BadSetting
from dojo.output.cohort import Cohort, Row, row_from_json
from dojo.output.cohort_csv import cohort_csv
from dojo.output.html.cohort_page import render

__all__ = ["Results"]

ROWS, REPORTS = "rows", "reports"


@dataclass(frozen=True, slots=True)
class Results:
    """The folder of the results."""

    folder: Path

    def stored(self, kata: str, key: str) -> Row | None:
        """The row of that content; None if there is none that can be read."""
        with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
            facts = json.loads(self._row(kata, key).read_text(encoding="utf-8"))
            return row_from_json(facts)
        return None

    def store(self, row: Row) -> None:
        """Write a row; BadSetting if it can't be written."""
        self._write(self._row(row.kata, row.key), json.dumps(asdict(row), indent=1))

    def store_report(self, kata: str, key: str, report: str, page: str) -> str:
        """Write the report as JSON and as a page, if there is one; the page's relative path."""
        name = f"{kata}-{key[:16]}"
        self._write(self.folder / REPORTS / f"{name}.json", report)
        if not page:
            return ""
        self._write(self.folder / REPORTS / f"{name}.html", page)
        return f"{REPORTS}/{name}.html"

    def write_tables(self, cohort: Cohort) -> Path:
        """cohort.csv, cohort.json and cohort.html; the latter's path."""
        self._write(self.folder / "cohort.csv", cohort_csv(cohort))
        self._write(self.folder / "cohort.json", json.dumps(cohort.to_json(), indent=1))
        page = self.folder / "cohort.html"
        self._write(page, render(cohort))
        return page

    def _row(self, kata: str, key: str) -> Path:
        return self.folder / ROWS / f"{kata}-{key[:32]}.json"

    def _write(self, path: Path, text: str) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            unfinished = path.with_name(f".{path.name}.{os.uname().nodename}.{os.getpid()}")
            unfinished.write_text(text, encoding="utf-8", errors="replace", newline="")
            unfinished.replace(path)
        except OSError as error:
            raise BadSetting(
                f"{path} can't be written: {error}. Make room, or give --to."
            ) from error
