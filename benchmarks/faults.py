"""What each fault of a kata costs: the SLIs for every subset of its faults left in.

    python -m benchmarks.faults [--under CONDITION] [--at-most-s 240] [--again] [--write] [NAME …]

A kata with n faults has 2ⁿ subsets. Under the conditions that are not the usual ones only the
fixed app, each single fault and the shipped app are measured. One session measures a subset of
each kata on one app. What was measured is stored in `.dojo/faults.json`, by the bytes of what was
run, so that the command can be stopped and goes on later; `--at-most-s` begins no session after so
many seconds. A run that the machine disturbed is not stored. NAME is a part of a kata's name;
without one all katas are measured. `--write` measures nothing, and puts all tables into
docs/benchmarks.md.
"""

import argparse
import hashlib
import json
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.faults_apps import Files, Subset, subsets, together, write_files
from benchmarks.faults_table import head, row, step_table
from benchmarks.verdict_tables import with_section
from dojo.slo.catalog import load_folders
from tests.support.kata_run import run_katas
from tests.support.project import ROOT

STORE = ROOT / ".dojo" / "faults.json"
PAGE = ROOT / "docs" / "benchmarks.md"
BEGIN, END = "<!-- faults: written by benchmarks.faults -->", "<!-- end of faults -->"
REPORTED = (
    *("objectives", "verdict", "burst_s", "bad_events", "where", "points", "timings_s"),
    *("checks", "environment", "service_time_s"),
)
Reports = list[dict[str, Any]]  # runs of one subset


@dataclass(frozen=True)
class Condition:
    """A machine or a network that a site may meet."""

    title: str
    environment: Mapping[str, str] = field(default_factory=dict)
    prefix: tuple[str, ...] = ()  # of the command

    def covers(self, subset: Subset, of: int) -> bool:
        """Whether a subset of so many faults is measured."""
        return self.title == USUAL or len(subset) in (0, 1, of)


WAYS = {  # one way of fixing each kata: the faults in the order in which they are mended
    "01-latency": ("lookup_without_index", "blocking_connection", "many_round_trips"),
    "02-login-errors": (
        *("connection_not_given_back", "sessions_of_one_second"),
        *("hashes_of_the_earlier_system", "addresses_of_the_earlier_system"),
    ),
    "03-search": ("scan_of_all_products", "all_matches_page_by_page", "author_by_author"),
}
USUAL = "As the katas are run: two cores, embedded Postgres, 2 ms away"
CONDITIONS = {
    "usual": Condition(USUAL),
    "one-core": Condition("One core (`taskset -c 0`)", prefix=("taskset", "-c", "0")),
    "half": Condition("Half the distance: 1 ms", {"DOJO_ROUND_TRIP_MS": "1"}),
    "double": Condition("Double the distance: 4 ms", {"DOJO_ROUND_TRIP_MS": "4"}),
    "docker": Condition("Postgres 15 in Docker", {"DOJO_POSTGRES": "docker"}),
}


def fingerprint(kata: Path, app: Files, condition: str) -> str:
    """The bytes that a result depends on."""
    digest = hashlib.sha256(f"{kata.name} {condition}".encode())
    for folder in (ROOT / "seed", kata.parent / "shop" / "scenarios", kata):
        for path in sorted(folder.rglob("*.py")) + sorted(folder.glob("slo.yaml")):
            digest.update(path.read_bytes())
    for name, content in app.items():
        digest.update(name.encode() + content)
    return digest.hexdigest()[:16]


@dataclass
class Store:
    """What was measured, by fingerprint."""

    runs: dict[str, Reports] = field(default_factory=dict)

    @classmethod
    def read(cls) -> "Store":
        return cls(json.loads(STORE.read_text()) if STORE.is_file() else {})

    def add(self, key: str, report: dict[str, Any]) -> None:
        self.runs = self.read().runs  # another process may have added to it
        kept = {name: report.get(name) for name in REPORTED}
        self.runs.setdefault(key, []).append(kept)
        STORE.parent.mkdir(exist_ok=True)
        STORE.write_text(json.dumps(self.runs))


def measure(apps: Mapping[Path, Files], condition: Condition) -> Mapping[str, dict[str, Any]]:
    """The reports of one session over these katas, by the name of the kata's folder."""
    app = together({kata.name: files for kata, files in apps.items()})
    with tempfile.TemporaryDirectory() as folder:
        session = run_katas(
            Path(folder),
            list(apps),
            (),
            lambda path: write_files(path, app),
            (),
            condition.environment,
            condition.prefix,
        )
    if len(session.reports) < len(apps):
        print(session.output[-3000:])
    return session.reports


def measure_missing(
    katas: Sequence[Path], name: str, store: Store, until_s: float, again: bool
) -> None:
    """Session after session, each with a subset of each kata that has one left."""
    condition = CONDITIONS[name]
    left: dict[Path, list[tuple[Subset, Files, str]]] = {}
    for kata in katas:
        found = [(names, app, fingerprint(kata, app, name)) for names, app in subsets(kata)]
        most = max(len(names) for names, _, _ in found)
        left[kata] = [
            each
            for each in found
            if condition.covers(each[0], most) and (again or each[2] not in store.runs)
        ]
    while any(left.values()) and time.monotonic() < until_s:
        session = {kata: waiting.pop(0) for kata, waiting in left.items() if waiting}
        reports = measure({kata: app for kata, (_, app, _) in session.items()}, condition)
        for kata, (names, _, key) in session.items():
            report = reports.get(kata.name)
            if report is None or report["verdict"] == "invalid":
                print(f"{kata.name} {names}: not stored, {report and report['culprits']}")
                continue
            store.add(key, report)
            print(row(names, [report]), flush=True)


def tables(katas: Sequence[Path], name: str, store: Store) -> str:
    """All tables of a condition, as Markdown."""
    lines = [f"### {CONDITIONS[name].title}", ""]
    for kata in katas:
        measured = [
            (names, store.runs.get(fingerprint(kata, app, name), []))
            for names, app in subsets(kata)
        ]
        if not any(reports for _, reports in measured):
            continue
        lines += [f"**{kata.name}**", "", head(next(r for _, r in measured if r)[0])]
        lines += [row(names, reports) for names, reports in measured if reports]
        most = max(len(names) for names, _ in measured)
        missing = [
            ", ".join(names).replace("_", " ") or "none"
            for names, reports in measured
            if not reports and CONDITIONS[name].covers(names, most)
        ]
        if missing:
            lines += ["", f"Not measured: {'; '.join(missing)}."]
        lines += [""]
    return "\n".join(lines if len(lines) > 2 else [*lines, "Not measured yet.", ""])


def one_way(katas: Sequence[Path], store: Store) -> str:
    """The SLIs of each kata after each fix, in one order of fixing."""
    lines = ["### One way of fixing each kata", ""]
    for kata in katas:
        left = list(WAYS.get(kata.name, ()))
        runs = {
            frozenset(names): store.runs.get(fingerprint(kata, app, "usual"), [])
            for names, app in subsets(kata)
        }
        steps = [("nothing yet", runs.get(frozenset(left), []))]
        while left:
            fixed = left.pop(0).replace("_", " ")
            steps.append((fixed, runs.get(frozenset(left), [])))
        if any(reports for _, reports in steps):
            lines += [f"**{kata.name}**", "", step_table(steps), ""]
    return "\n".join(lines)


def write_page(text: str) -> None:
    """Put the tables between their marks in docs/benchmarks.md."""
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(with_section(page, f"{text.strip()}\n", BEGIN, END), encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what isn't known yet, or write down what is."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--under", choices=CONDITIONS, default="usual")
    parser.add_argument("--at-most-s", type=float, default=float("inf"))
    parser.add_argument("--again", action="store_true", help="measure what is known once more")
    parser.add_argument("--write", action="store_true", help="put the tables into the docs")
    given = parser.parse_args(arguments)
    katas = [k for k in load_folders(ROOT) if all(part in k.name for part in given.names)]
    store = Store.read()
    if given.write:
        parts = [tables(katas, name, store) for name in CONDITIONS]
        write_page("\n".join([parts[0], one_way(katas, store), *parts[1:]]))
        return
    until_s = time.monotonic() + given.at_most_s
    measure_missing(katas, given.under, store, until_s, given.again)
    print(tables(katas, given.under, store))


if __name__ == "__main__":
    main()
