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
from pathlib import Path
from typing import Any

from benchmarks.disturbances import STATES, prepared
from benchmarks.faults_apps import Files, patched, read_files, write_files
from benchmarks.verdict_tables import document, with_section
from tests.support.kata_run import KATAS, run_katas
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
    """The cells that match; fixes first, since a run of them takes longest to be sure of."""
    apps = [(kata, name, files) for kata in KATAS for name, files in apps_of(kata)]
    apps.sort(key=lambda each: each[1] != "solution")
    for kata, name, files in apps:
        if all(word in f"{kata.name} {name}" for word in words):
            for state in states:
                yield Cell(kata, name, state, files)


def apps_of(kata: Path) -> Iterator[tuple[str, Files]]:
    """(name, app) of the reference solution, the shipped app, each single fault, each other fix."""
    yield "solution", patched(kata / ".meta" / "solution.patch")
    yield "shipped", read_files(ROOT / "app")
    for kind in ("faults", "fixes"):
        for patch in sorted((kata / ".meta" / kind).glob("*.patch")):
            yield f"{kind}/{patch.stem}", patched(patch)


def run(cell: Cell) -> Run | None:
    """Run the cell's kata once, and say what came of it.

    None if other runs held the machine's lock for too long.
    """
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        state = STATES[cell.state]
        try:
            with prepared(state, Path(folder)):
                session = run_katas(
                    Path(folder) / "run",
                    [cell.kata],
                    edit=lambda app: write_files(app, cell.files),
                    environment=state.environment,
                )
        except subprocess.TimeoutExpired:
            return None
    result: Run = {
        "kata": cell.kata.name,
        "app": cell.app,
        "state": cell.state,
        "exit": session.returncode,
        "session_s": round(time.monotonic() - began, 1),
        "verdict": NO_REPORT,
    }
    if (report := session.report) is None:
        if LOCK_WAS_HELD in session.output:
            return None
        return {**result, "output": session.output[-3000:]}
    environment = report["environment"]
    kept = ("verdict", "slo", "site_works", "looks", "repeated", "started_at", "plan_seed")
    machine = ("outside_cores", "run_queue_delay", "disk_sync_p95_ms", "disk_sync_max_ms")
    return {
        **result,
        **{key: report[key] for key in kept},
        **{key: environment.get(key) for key in machine},
        "culprits": [culprit["name"] for culprit in report["culprits"]],
        "failed": [check["name"] for check in report["checks"] if not check["passed"]],
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
        for cell in wanted:
            kept = runs.setdefault(cell.fingerprint, [])
            if len(kept) >= times or time.monotonic() - began > given.at_most_s:
                continue
            if (result := run(cell)) is None:
                print(f"{cell.name}, {cell.state}: other runs held the lock", flush=True)
                continue
            kept.append(result)
            save(runs)
            print(f"{cell.name}, {cell.state}: {result['verdict']}", flush=True)
    known = [each for cell in cells(list(STATES), ()) for each in runs.get(cell.fingerprint, [])]
    text = document(known)
    print(text)
    if given.write:
        PAGE.write_text(with_section(PAGE.read_text(encoding="utf-8"), text), encoding="utf-8")


if __name__ == "__main__":
    main()
