"""The exported k6 scripts beside the katas' own runs: the same app, the same objectives.

    python -m benchmarks.k6_agreement [--katas 01 03]
    python -m benchmarks.k6_agreement --write
    chrt -r 1 python -m benchmarks.k6_agreement    on a busy Linux: k6 and its site go first

For each kata with a burst, with the shipped app and with its reference fix: k6 sends the script
that `./run dojo export k6` writes to a running site, and a run of the kata judges the same app. The
first command measures, prints and stores; the second writes what was stored last into
docs/export-k6.md. k6 is taken from where benchmarks.peers looks for it.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.peers.__main__ import ENVIRONMENT as FOLDER
from benchmarks.peers.tools import ENVIRONMENT, HOW_TO_GET, program
from benchmarks.verdict_tables import with_section
from dojo.cli.export_k6 import export_k6
from dojo.cli.try_solution import prepare
from dojo.kata.finder import opened
from dojo.kata.k6_script import metric_name
from dojo.output.figures import percent
from dojo.settings import ROOT, Settings
from dojo.site.running_site import RunningSite
from dojo.site.shipped_app import shipped_app
from dojo.site.workshop import Workshop
from dojo.slo.catalog import kata_folder, load_folders, service_level

__all__ = ["K6Result", "k6_program", "run_k6", "serve"]

STORED = ROOT / ".dojo" / "k6-agreement.json"
PAGE = ROOT / "docs" / "export-k6.md"
BEGIN, END = "<!-- k6: begin -->", "<!-- k6: end -->"
SEED = 1
K6_AT_MOST_S = 180.0
MOST_RUNS = 5
CALM_CORES = 0.3  # held by others: a run of k6 with more is repeated, and the calmest is taken
THRESHOLDS_FAILED = 99  # k6's exit status


@dataclass(frozen=True, slots=True)
class K6Result:
    """What k6 said of a script's run."""

    status: int  # 0: every threshold holds; 99: one does not
    ratios: Mapping[str, float]  # of good events, by the objective's metric
    events: int
    failed: int  # of these: whatever their time
    dropped: int

    @property
    def passed(self) -> bool:
        """Whether every threshold holds."""
        return self.status == 0


def k6_program() -> str | None:
    """Where k6 is; None if it is missing."""
    return program("k6", FOLDER)


def run_k6(path: str, script: str, url: str, settings: Mapping[str, str] | None = None) -> K6Result:
    """Run a script against the site at `url`; RuntimeError if k6 itself fails."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "load.js").write_text(script, encoding="utf-8")
        given = {"BASE_URL": url, **(settings or {})}
        command = [path, "run", "--quiet", "--address", "", "--log-output", "none"]
        for key, value in given.items():
            command += ["-e", f"{key}={value}"]
        command += ["--summary-export", str(folder / "summary.json"), str(folder / "load.js")]
        ended = subprocess.run(
            command,
            env={**os.environ, **ENVIRONMENT},
            capture_output=True,
            text=True,
            timeout=K6_AT_MOST_S,
        )
        if ended.returncode not in (0, THRESHOLDS_FAILED):
            raise RuntimeError(
                f"k6 ended with {ended.returncode}: {(ended.stdout + ended.stderr)[-800:]}"
            )
        metrics = json.loads((folder / "summary.json").read_text(encoding="utf-8"))["metrics"]

    def count(metric: str) -> int:
        return int(metrics.get(metric, {}).get("count", 0))

    ratios = {key: each["value"] for key, each in metrics.items() if "_within_" in key}
    return K6Result(
        ended.returncode,
        ratios,
        count("sli_events"),
        count("sli_events_failed"),
        count("dropped_iterations"),
    )


@contextmanager
def serve(kata: Path, app: Path, state: Path) -> Iterator[RunningSite]:
    """The site with that app, as a run of the kata has it before its burst.

    Nobody else on the machine measures meanwhile.
    """

    def say(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    environment = {**os.environ, "DOJO_STATE": str(state)}
    environment.setdefault("DOJO_CACHE", str(ROOT / ".dojo" / "cache"))
    settings = Settings.read(ROOT, environment, str(app))
    with (
        opened(kata, settings.cache_dir, say) as found,
        Workshop.open(settings, say) as workshop,
        RunningSite.open(workshop, found.kata, SEED) as site,
    ):
        yield site


def measure(kata: Path, name: str, app: Path, state: Path, k6: str) -> dict[str, Any]:
    """One row: both verdicts on one app."""
    script = export_k6(kata, SEED, ROOT)
    with serve(kata, app, state) as site:
        runs = [_watched(k6, script, site)]
        while not _goes_first() and runs[-1][0] > CALM_CORES and len(runs) < MOST_RUNS:
            runs.append(_watched(k6, script, site))
    others, result = min(runs, key=lambda run: run[0])
    report = _own_run(kata, app, state)
    row = {
        "kata": kata.name,
        "app": name,
        "k6": asdict(result),
        "runs": len(runs),
        "others": others,
        "ours": report,
    }
    print(_line(row), file=sys.stderr, flush=True)
    return row


def _watched(k6: str, script: str, site: RunningSite) -> tuple[float, K6Result]:
    """How many cores other programs held while k6 ran, and what it said."""
    with site.watch() as watch:
        result = run_k6(k6, script, site.base_url)
    others = fmean(each.outside_cores for each in watch.intervals(0.0))
    print(f"{result}; {others:.2f} cores held by others", file=sys.stderr, flush=True)
    return others, result


def _own_run(kata: Path, app: Path, state: Path) -> dict[str, Any]:
    """What the kata's own run says; the first run that says something about the app."""
    command = [sys.executable, "-m", "pytest", str(kata), "--app", str(app), "-q"]
    if _goes_first():  # the kata's run has its own way with a busy machine
        command = ["chrt", "-o", "0", *command]
    environment = {**os.environ, "DOJO_STATE": str(state), "PYTHONPATH": str(ROOT)}
    environment.setdefault("DOJO_CACHE", str(ROOT / ".dojo" / "cache"))
    path = state / "reports" / kata.name / "latest.json"
    for _ in range(MOST_RUNS):
        path.unlink(missing_ok=True)
        ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        facts = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        if facts.get("verdict", "invalid") != "invalid":
            break
    else:
        raise RuntimeError(f"{kata.name} was never judged: {ended.stdout[-2000:]}")
    return {
        "verdict": facts["verdict"],
        "slis": {each["name"]: each["sli"] for each in facts["objectives"]},
    }


def _goes_first() -> bool:
    """Whether this process has real-time priority, by chrt."""
    return sys.platform == "linux" and os.sched_getscheduler(0) != os.SCHED_OTHER


def _line(row: Mapping[str, Any]) -> str:
    k6 = row["k6"]
    ours = ", ".join(percent(each) for each in row["ours"]["slis"].values())
    theirs = ", ".join(percent(each) for each in k6["ratios"].values())
    return (
        f"{row['kata']} {row['app']}: ours {row['ours']['verdict']} ({ours}); k6"
        f" {k6['status']} ({theirs}), {k6['events']} events, {k6['dropped']} dropped"
    )


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    """A row for each kata and app."""
    lines = [
        "| kata | app | our run | our SLIs | k6's thresholds | k6's ratios | journeys, dropped"
        " | cores held by others |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        level = service_level(kata_folder(ROOT, row["kata"]))
        k6, ours = row["k6"], row["ours"]
        slis = ", ".join(percent(ours["slis"][o.display_name], o.target) for o in level.objectives)
        ratios = ", ".join(
            percent(k6["ratios"][metric_name(o)], o.target) for o in level.objectives
        )
        holds = "hold" if k6["status"] == 0 else "fail"
        verdict = ours["verdict"].replace("_", " ")
        cells = (row["kata"], row["app"], verdict, slis, holds, ratios)
        lines.append(
            f"| {' | '.join(cells)} | {k6['events']:,}, {k6['dropped']:,} | {row['others']:.1f} |"
        )
    return "\n".join(lines)


def _machine(version: str) -> str:
    return (
        f"Measured on {datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, {platform.system()}"
        f" {platform.release().partition('-')[0]}, Python {platform.python_version()},"
        f" {version.split(' (')[0]}, by `{'chrt -r 1 ' if _goes_first() else ''}python -m"
        " benchmarks.k6_agreement`. The machine did other work meanwhile (load average"
        f" {os.getloadavg()[2]:.1f})."
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print, or write what was measured last."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--katas", nargs="*", help="such as 01 03; all that send a load")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args(arguments)
    if options.write:
        stored = json.loads(STORED.read_text(encoding="utf-8"))
        text = f"{stored['machine']}\n\n{table(stored['rows'])}\n"
        page = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(with_section(page, text, BEGIN, END), encoding="utf-8")
        return
    k6 = k6_program()
    if k6 is None:
        parser.error(f"there is no k6: {HOW_TO_GET['k6'].format(folder=FOLDER)}")
    folders = [kata_folder(ROOT, name) for name in options.katas or ()] or load_folders(ROOT)
    rows = []
    with TemporaryDirectory(prefix="dojo-k6-") as name:
        state = Path(name)
        with shipped_app(ROOT, state).extracted() as shipped:
            for kata in folders:
                rows.append(measure(kata, "shipped", shipped, state / "shipped", k6))
                solved = prepare(kata, ROOT, state) / "app"
                rows.append(measure(kata, "reference fix", solved, state / "solved", k6))
    version = subprocess.run([k6, "version"], capture_output=True, text=True, check=True).stdout
    names = [kata.name for kata in folders]
    earlier = json.loads(STORED.read_text("utf-8"))["rows"] if STORED.exists() else []
    rows += [row for row in earlier if row["kata"] not in names]
    rows.sort(key=lambda row: str(row["kata"]))
    stored = {"machine": _machine(version.strip()), "rows": rows}
    STORED.parent.mkdir(exist_ok=True)
    STORED.write_text(json.dumps(stored, indent=1), encoding="utf-8")
    print(table(rows))


if __name__ == "__main__":
    main()
