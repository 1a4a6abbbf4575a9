"""Whether a transaction waits for a disk that another program keeps busy.

    python -m benchmarks.disk

For each state of the machine it writes and reads rows on a server of our own settings, one
transaction after another, with a probe of the disk beside it (`dojo.site.machine.disk`).
"""

import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import psycopg

from benchmarks.disturbances import STATES, running
from dojo.postgres.choice import serve
from dojo.site.machine.disk import DiskProbe

WATCH_S = 20.0
PAUSE_S = 0.01
ROWS = 20_000  # some 20 MB: far less than the server's own cache


def main() -> None:
    """Print a row for each state."""
    print("| state | transactions | p50 | p99 | longest | a synced page: p95 | longest |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        server = stack.enter_context(serve("embedded", Path(folder), None, lambda line: None))
        db = stack.enter_context(psycopg.connect(server.dsn("postgres"), autocommit=True))
        db.execute("CREATE TABLE written (id bigserial PRIMARY KEY, text text)")
        db.execute(
            "INSERT INTO written (text) SELECT repeat('x', 1000) FROM generate_series(1, %s)",
            (ROWS,),
        )
        for state in ("quiet", "writing disk", "quiet", "writing disk"):
            with running(STATES[state], Path(folder)):
                print(row(state, db, Path(folder)), flush=True)


def row(state: str, db: "psycopg.Connection[tuple[object, ...]]", folder: Path) -> str:
    """Transactions for some seconds, as a row."""
    times_s = list[float]()
    with DiskProbe(folder) as probe:
        until = time.monotonic() + WATCH_S
        while time.monotonic() < until:
            began = time.perf_counter()
            with db.transaction():
                db.execute("INSERT INTO written (text) VALUES (repeat('y', 1000))")
                db.execute("SELECT text FROM written WHERE id = %s", (len(times_s) % ROWS + 1,))
            times_s.append(time.perf_counter() - began)
            time.sleep(PAUSE_S)
    times_s.sort()
    cells = [state, f"{len(times_s):,}"]
    cells += [f"{1000 * times_s[int(q * (len(times_s) - 1))]:.1f} ms" for q in (0.5, 0.99, 1)]
    for figure_s in (probe.figures.sync_p95_s, probe.figures.sync_max_s):
        cells.append("-" if figure_s is None else f"{1000 * figure_s:.1f} ms")
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
