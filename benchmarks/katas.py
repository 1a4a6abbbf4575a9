"""How long a kata takes, and how far apart its fixes and its faults are.

    python -m benchmarks.katas [--times 3] [--busy] [--load-factor 0.25] [NAME …]

Runs each kata warm on the shipped app, with the reference fix, and with each single fault left in,
and prints one line for each run: verdict, percentiles, the ratio of the objective's own percentile
to its threshold, and seconds. `--busy` keeps one core busy with something else meanwhile.
NAME is a part of a kata's or a patch's name: `01-latency`, `solution`, `faults`.
"""

import argparse
import math
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.disturbances import STATES, running
from tests.support.kata_run import KATAS, SessionResult, run_katas

HEAD = (
    f"{'kata':<16}{'app':<26}{'verdict':<9}{'p50':>8}{'p95':>8}{'p99':>8}{'/threshold':>11}"
    f"{'burst':>7}{'rest':>6}{'all':>6}{'MB':>5}{'ms/req':>7}"
)


def variants(kata: Path) -> Iterator[tuple[str, list[Path]]]:
    """(name, patches) of what is run: the shipped app, the reference fix, each single fault."""
    yield "shipped", []
    yield "solution", [kata / ".meta" / "solution.patch"]
    for patch in sorted((kata / ".meta" / "faults").glob("*.patch")):
        yield f"faults/{patch.stem}", [patch]


def quantile_s(report: dict[str, Any], target: float) -> float:
    """The response time that the target share of all events stayed within; inf if unanswered."""
    times = sorted(
        float("inf") if latency_s is None else latency_s for _, latency_s, _ in report["points"]
    )
    return float(times[min(len(times) - 1, int(target * len(times)))])


def line(kata: Path, name: str, run: SessionResult) -> str:
    """One run as a line of the table."""
    report = run.report
    if report is None:
        return f"{kata.name:<16}{name:<26}{'no report':<9}"
    p = report["latency_s"] or dict.fromkeys(("p50", "p95", "p99"), float("inf"))
    ratios = [quantile_s(report, o["target"]) / o["threshold_s"] for o in report["objectives"]]
    spent, told = report["timings_s"], report["environment"]
    apart = spent["burst"] + spent["warm_up"]
    times_ms = [math.inf if p[key] is None else 1000 * p[key] for key in ("p50", "p95", "p99")]
    figures = "".join(f"{time_ms:>8,.0f}" for time_ms in times_ms)
    return (
        f"{kata.name:<16}{name:<26}{report['verdict']:<9}{figures}{max(ratios):>11.2f}"
        f"{spent['burst']:>7.1f}{spent['total'] - apart:>6.1f}{spent['total']:>6.1f}"
        f"{told['generator_rss_mb']:>5.0f}{told['generator_cpu_ms_per_request']:>7.2f}"
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--busy", action="store_true")
    parser.add_argument("--load-factor", default="1")
    given = parser.parse_args(arguments)
    print(f"times in ms and s; load factor {given.load_factor}{', one core busy' * given.busy}")
    print(HEAD)
    scratch = Path(tempfile.gettempdir())  # a loop writes nothing there
    with running(STATES["one loop" if given.busy else "quiet"], scratch):
        for kata in KATAS:
            for name, patches in variants(kata):
                if not all(part in f"{kata.name} {name}" for part in given.names):
                    continue
                for _ in range(given.times):
                    with tempfile.TemporaryDirectory() as folder:
                        run = run_katas(
                            Path(folder),
                            [kata],
                            patches,
                            None,
                            ["--load-factor", given.load_factor],
                        )
                    print(line(kata, name, run), flush=True)


if __name__ == "__main__":
    main()
