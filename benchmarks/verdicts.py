"""How often a verdict is wrong: fixes and faults of every kata, on a machine in every state.

    python -m benchmarks.verdicts [--times 1] [--state "two loops"]… [--at-most-s 600] [--write]
                                  [WORD …]

Fixes (the reference solution and the other honest ones) must never be called *not met*, faults
(the shipped app and each single fault) never *met*. WORD is a part of a kata's or an app's name:
`01-latency`, `solution`, `faults`; without one every app is run. Without --state all states are.

What was run is kept in `.dojo/verdicts.json`, by the bytes of what was run and of what judges it,
so that the command can be stopped and goes on later: --times 20 makes up to 20 runs of each cell
that matches, those kept included. --at-most-s begins no run after so many seconds, and 0 only
prints. --write puts the tables into docs/benchmarks.md.
"""

import argparse
import hashlib
import json
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from benchmarks.disturbances import STATES, prepared
from benchmarks.faults_apps import Files, patched, read_files, write_files
from benchmarks.verdict_tables import document, with_section
from tests.support.kata_run import KATAS, SessionResult, run_katas
from tests.support.project import ROOT

STORE = ROOT / ".dojo" / "verdicts.json"
PAGE = ROOT / "docs" / "benchmarks.md"
JUDGES = ("dojo/slo", "dojo/attempt", "dojo/kata", "dojo/load", "dojo/site/machine", "seed")
LOCK_WAS_HELD = "has not ended for"  # of dojo.site.lock
NO_REPORT = "no report"  # the session ended without a verdict: a fault of the grader, or of ours

Run = dict[str, Any]


@dataclass(frozen=True)
class Cell:
    """One app of one kata, on a machine in one state."""

    kata: Path
    app: str  # "solution", "shipped", "faults/…" or "fixes/…"
    state: str
    files: Files

    @property
    def name(self) -> str:
        return f"{self.kata.name} {self.app}"

    @property
    def fingerprint(self) -> str:
        """The bytes that an outcome depends on: the kata, the app, the state and who judges."""
        digest = hashlib.sha256(f"{self.kata.name} {self.state} {STATES[self.state]}".encode())
        for folder in (*(ROOT / name for name in JUDGES), self.kata.parent / "shop", self.kata):
            for path in sorted(folder.rglob("*.py")) + sorted(folder.glob("slo.yaml")):
                digest.update(path.read_bytes())
        for name, content in self.files.items():
            digest.update(name.encode() + content)
        return digest.hexdigest()[:16]


def cells(states: Sequence[str], words: Sequence[str]) -> Iterator[Cell]:
    """The cells that match; the reference solutions first."""
    apps = [(kata, name, files) for kata in KATAS for name, files in apps_of(kata)]
    apps.sort(key=lambda each: each[1] != "solution")
    for state in states:
        for kata, name, files in apps:
            if all(word in f"{kata.name} {name}" for word in words):
                yield Cell(kata, name, state, files)


def apps_of(kata: Path) -> Iterator[tuple[str, Files]]:
    """(name, app) of the reference solutions, the shipped app, each single fault, each other fix.

    With the reference solutions all katas are solved, so that one session can run them all.
    """
    yield "solution", solved()
    yield "shipped", read_files(ROOT / "app")
    for kind in ("faults", "fixes"):
        for patch in sorted((kata / ".meta" / kind).glob("*.patch")):
            yield f"{kind}/{patch.stem}", patched(patch)


@cache
def solved() -> Files:
    """The app with the reference solutions of all katas."""
    return patched(*(kata / ".meta" / "solution.patch" for kata in KATAS))


def sessions(wanted: Sequence[Cell]) -> Iterator[list[Cell]]:
    """Cells of different katas that one session can run: the same app in the same state."""
    for _, group in groupby(wanted, key=lambda cell: (cell.state, cell.app, cell.files)):
        yield list(group)


def run(session: Sequence[Cell]) -> list[Run | None]:
    """Run the katas of the cells once, and say for each what came of it.

    None for each if other runs held the machine's lock for too long.
    """
    first, began = session[0], time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        state = STATES[first.state]
        try:
            with prepared(state, Path(folder)):
                result = run_katas(
                    Path(folder) / "run",
                    [cell.kata for cell in session],
                    edit=lambda app: write_files(app, first.files),
                    environment=state.environment,
                )
        except subprocess.TimeoutExpired:
            return [None for _ in session]
    if LOCK_WAS_HELD in result.output:
        return [None for _ in session]
    facts = {"exit": result.returncode, "session_s": round(time.monotonic() - began, 1)}
    return [facts | _outcome(cell, result) for cell in session]


def _outcome(cell: Cell, session: SessionResult) -> Run:
    """What a session says of one cell."""
    result: Run = {"kata": cell.kata.name, "app": cell.app, "state": cell.state}
    if (report := session.reports.get(cell.kata.name)) is None:
        return {**result, "verdict": NO_REPORT, "output": session.output[-3000:]}
    environment = report["environment"]
    kept = ("verdict", "slo", "site_works", "looks", "repeated", "started_at", "plan_seed")
    machine = ("outside_cores", "run_queue_delay", "disk_sync_p95_ms", "disk_sync_max_ms")
    return {
        **result,
        **{key: report[key] for key in kept},
        **{key: environment.get(key) for key in machine},
        "culprits": [culprit["name"] for culprit in report["culprits"]],
        "failed": [check["name"] for check in report["checks"] if check["passed"] is False],
        "objectives": [
            {key: each[key] for key in ("name", "good", "total", "bad_after_excuses", "verdict")}
            for each in report["objectives"]
        ],
    }


def load() -> dict[str, list[Run]]:
    """The runs that are kept, by fingerprint."""
    return json.loads(STORE.read_text()) if STORE.is_file() else {}


def save(runs: dict[str, list[Run]]) -> None:
    """Keep the runs; whoever stops the command loses none."""
    STORE.parent.mkdir(exist_ok=True)
    partial = STORE.with_suffix(".partial")
    partial.write_text(json.dumps(runs, indent=1))
    partial.replace(STORE)


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the runs that are missing, round by round, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("words", nargs="*", metavar="WORD")
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--state", action="append", choices=STATES, dest="states")
    parser.add_argument("--at-most-s", type=float, default=float("inf"))
    parser.add_argument("--write", action="store_true", help=f"put the tables into {PAGE.name}")
    given = parser.parse_args(arguments)
    began, runs = time.monotonic(), load()
    wanted = list(cells(given.states or list(STATES), given.words))
    for times in range(1, given.times + 1):
        missing = [cell for cell in wanted if len(runs.get(cell.fingerprint, ())) < times]
        for session in sessions(missing):
            if time.monotonic() - began > given.at_most_s:
                break
            for cell, result in zip(session, run(session), strict=True):
                if result is not None:
                    runs.setdefault(cell.fingerprint, []).append(result)
                verdict = result["verdict"] if result else "other runs held the lock"
                print(f"{cell.name}, {cell.state}: {verdict}", flush=True)
            save(runs)
    known = [each for cell in cells(list(STATES), ()) for each in runs.get(cell.fingerprint, [])]
    text = document(known)
    print(text)
    if given.write:
        PAGE.write_text(with_section(PAGE.read_text(encoding="utf-8"), text), encoding="utf-8")


if __name__ == "__main__":
    main()
