"""What each fault of a kata costs: the SLIs for every subset of its faults left in.

    python -m benchmarks.faults [--at-most-s 240] [--distance-ms 2] [--again] [NAME …]

A kata with n faults has 2ⁿ subsets. What was measured is kept in `.dojo/faults.json`, by the bytes
of what was run, so that the command can be stopped and goes on later; `--at-most-s` begins no run
after so many seconds. NAME is a part of a kata's name; without one all katas are measured.

A subset is put together from patches: the reference fix, and for each fault left in what its own
patch in `.meta/faults` (all fixed but this one) has otherwise.
"""

import argparse
import hashlib
import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

from dojo.slo.catalog import kata_folders
from tests.support.kata_run import run_katas
from tests.support.project import ROOT

Files = dict[str, bytes]  # an app, by path
KEPT = ROOT / ".dojo" / "faults.json"
REPORTED = (
    "objectives",
    "verdict",
    "burst_s",
    "bad_events",
    "where",
    "points",
    "timings_s",
    "checks",
)


def read_files(app: Path) -> Files:
    """Every file of an app."""
    paths = [path for path in app.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    return {str(path.relative_to(app)): path.read_bytes() for path in sorted(paths)}


def write_files(app: Path, files: Files) -> None:
    """Make a folder hold these files, and no other."""
    shutil.rmtree(app, ignore_errors=True)
    for name, content in files.items():
        (app / name).parent.mkdir(parents=True, exist_ok=True)
        (app / name).write_bytes(content)


def patched(patch: Path) -> Files:
    """The shipped app with a patch applied."""
    with tempfile.TemporaryDirectory() as folder:
        write_files(Path(folder) / "app", read_files(ROOT / "app"))
        subprocess.run(["git", "apply", "-p1", str(patch)], cwd=folder, check=True)
        return read_files(Path(folder) / "app")


def merged(ours: Files, base: Files, theirs: Files) -> Files:
    """Three-way merge of apps. ValueError where both changed the same lines."""
    files: Files = {}
    for name in sorted({*ours, *base, *theirs}):
        one, before, other = ours.get(name), base.get(name), theirs.get(name)
        content = other if one == before else one
        if one != before and other != before and one != other:
            if one is None or before is None or other is None:
                raise ValueError(name)
            content = _merged_text(name, one, before, other)
        if content is not None:
            files[name] = content
    return files


def _merged_text(name: str, *versions: bytes) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / str(place) for place in range(len(versions))]
        for path, content in zip(paths, versions, strict=True):
            path.write_bytes(content)
        git = subprocess.run(
            ["git", "merge-file", "-p", *map(str, paths)], capture_output=True, check=False
        )
    if git.returncode:
        raise ValueError(name)
    return git.stdout


def subsets(kata: Path) -> Iterator[tuple[tuple[str, ...], Files]]:
    """(names of the faults left in, the app) for every subset; none first, all of them last."""
    solved = patched(kata / ".meta" / "solution.patch")
    single = {path.stem: patched(path) for path in sorted((kata / ".meta/faults").glob("*.patch"))}
    for size in range(len(single) + 1):
        for names in combinations(single, size):
            app = solved
            try:
                for name in names:
                    app = merged(app, solved, single[name])
            except ValueError:
                if size < len(single):
                    print(f"{kata.name}: {' + '.join(names)} can't be put together from patches")
                    continue
            yield names, read_files(ROOT / "app") if size == len(single) else app


def fingerprint(kata: Path, app: Files, distance_ms: float) -> str:
    """The bytes that a result depends on."""
    digest = hashlib.sha256(f"{kata.name} {distance_ms}".encode())
    for folder in (ROOT / "seed", kata.parent / "shop", kata):
        for path in sorted(folder.rglob("*.py")) + sorted(folder.glob("slo.yaml")):
            digest.update(path.read_bytes())
    for name, content in app.items():
        digest.update(name.encode() + content)
    return digest.hexdigest()[:16]


def run(kata: Path, app: Files, distance_ms: float) -> dict[str, Any] | None:
    """The report of one run, or None if it wrote none."""
    write: Callable[[Path], None] = lambda folder: write_files(folder, app)  # noqa: E731
    environment = {"DOJO_ROUND_TRIP_MS": f"{distance_ms:g}"}
    with tempfile.TemporaryDirectory() as folder:
        session = run_katas(Path(folder), [kata], (), write, (), environment)
    if session.report is None:
        print(session.output[-3000:])
    return session.report and {key: session.report.get(key) for key in REPORTED}


def head(report: dict[str, Any]) -> str:
    """The head of a kata's table."""
    named = [f"{o['target']:.0%} in {1000 * o['threshold_s']:g} ms" for o in report["objectives"]]
    columns = ["faults left in", *(f"SLI: {name}" for name in named)]
    columns += ["answers/s", "statements/s", "wait for the pool", "burst", "run"]
    return f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}"


def row(names: Sequence[str], report: dict[str, Any]) -> str:
    """A subset as a row of Markdown."""
    burst_s, where = report["burst_s"], report["where"]
    statements = sum(one["calls"] for one in where["statements"]) / burst_s
    answered = sum(latency_s is not None for _, latency_s, _ in report["points"])
    failed = [check["name"] for check in report["checks"] if check["passed"] is False]
    waiting = (where["pool_wait_ms"] or 0) / 1000 / burst_s
    cells = [
        ", ".join(names).replace("_", " ") or "none",
        *(f"{o['good'] / o['total']:.1%}" if o["total"] else "-" for o in report["objectives"]),
        f"{answered / burst_s:.0f}",
        f"{statements:,.0f}",
        f"{waiting:.1f} waiting",
        f"{burst_s:.1f} s",
        f"{report['timings_s']['total']:.1f} s" + "".join(f", {name} failed" for name in failed),
    ]
    return f"| {' | '.join(cells)} |"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what isn't known yet, and print every table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--at-most-s", type=float, default=float("inf"))
    parser.add_argument("--distance-ms", type=float, default=2.0)
    parser.add_argument("--again", action="store_true", help="measure what is known, too")
    given = parser.parse_args(arguments)
    began = time.monotonic()
    kept: dict[str, Any] = json.loads(KEPT.read_text()) if KEPT.is_file() else {}
    for kata in kata_folders(ROOT):
        if not all(part in kata.name for part in given.names):
            continue
        printed = False
        for names, app in subsets(kata):
            key = fingerprint(kata, app, given.distance_ms)
            if given.again or key not in kept:
                if time.monotonic() - began > given.at_most_s:
                    continue
                if (report := run(kata, app, given.distance_ms)) is None:
                    continue
                kept[key] = report
                KEPT.parent.mkdir(exist_ok=True)
                KEPT.write_text(json.dumps(kept))
            if not printed:
                print(f"\n{kata.name}\n\n{head(kept[key])}")
                printed = True
            print(row(names, kept[key]), flush=True)


if __name__ == "__main__":
    main()
