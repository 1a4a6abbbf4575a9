"""Size and time of the report as a page, with plots of 1,000 and of 10,000 events.

python -m benchmarks.page
"""

import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from dojo.output import store
from tests.support.sample_reports import report

ROUNDS = 5
EARLIER = 20  # attempts that are read for the comparison
FIRST = (
    "import time; t = time.perf_counter(); import dojo.output.html.page;"
    " print(time.perf_counter() - t)"
)


def main() -> None:
    """Print what a page weighs and how long it takes until it is on disk."""
    command = [sys.executable, "-c", FIRST]
    spent = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    print(f"import        {float(spent) * 1000:5.0f} ms, once")
    for events in (1000, 10_000):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            for number in range(1, EARLIER + 1):
                store.save(replace(report(events, 0.5, number), number=number), folder)
            sample = replace(report(events, 0.5), number=EARLIER + 1)
            times_s = []
            for _ in range(ROUNDS):
                began = time.perf_counter()
                path = store.save_page(sample, folder)
                times_s.append(time.perf_counter() - began)
            kilobytes = path.stat().st_size / 1000
        print(
            f"{events:>6,} events {kilobytes:4.0f} KB (budget 300), the first"
            f" {times_s[0] * 1000:.0f} ms, then {min(times_s) * 1000:.0f} to"
            f" {max(times_s[1:]) * 1000:.0f} ms (budget 500), {EARLIER} earlier attempts read"
        )


if __name__ == "__main__":
    main()
