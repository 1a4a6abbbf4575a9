"""docs/walkthrough.md: kata 01 really walked, with two wrong turns, on a copy of the project.

    ./run python -m benchmarks.walkthrough             walk, and write the page
    ./run python -m benchmarks.walkthrough --from DIR  write it from the outputs of an earlier walk

It takes six runs, and should have the machine to itself. Outputs are cut for length and never
changed: `…` stands for what was left out. The text between them is below.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dojo.settings import cache_folder
from tests.support.project import ROOT
from tests.support.project_copy import copy_project

__all__ = ["STEPS", "Edit", "Step", "page"]

RUN = "./run pytest katas/01-latency"
LAST_RUN = "run6.txt"  # which is green, or the walk was disturbed
PAGE = ROOT / "docs" / "walkthrough.md"
CACHE = str(cache_folder(ROOT, os.environ))
COMMIT = "git init -q && git add -A && git -c user.name=x -c user.email=x@x commit -qm start"


@dataclass(frozen=True)
class Edit:
    """A change of a file of the app; `before` is None for a new file."""

    path: str
    before: str | None
    after: str


@dataclass(frozen=True)
class Step:
    """What is said, what is done, and which part of its output is shown."""

    name: str
    text: str
    command: str = ""
    edits: tuple[Edit, ...] = ()
    undo: tuple[str, ...] = ()  # files that go back to the start, before the edits
    shows: str = ""  # head: what a report begins with; change: that, and what changed; all


VISITS, OFFERS = "app/visits.py", "app/from_your_sellers.py"
STEPS = (
    Step(
        "run1",
        "She has read the kata's README.md and nothing else. The first run:",
        RUN,
        shows="head",
    ),
    Step(
        "run2",
        "Requests wait for a pooled connection, says the report. So there are too few connections?"
        " **The first wrong turn:** forty of them instead of twelve.",
        RUN,
        edits=(
            Edit(
                "app/database.py",
                "min_size=12,\n        max_size=12",
                "min_size=40,\n        max_size=40",
            ),
        ),
        shows="change",
    ),
    Step(
        "hint1",
        "Nobody waits for a connection now, and hardly anybody gets an answer either: the queue"
        " has moved into Postgres. She takes that back and asks for a hint, and for another.",
        "./run dojo hint 01",
        undo=("app/database.py",),
        shows="all",
    ),
    Step("hint2", "", "./run dojo hint 01", shows="all"),
    Step("hint3", "", "./run dojo hint 01", shows="all"),
    Step(
        "explain",
        "The home page's statements look into `reviews`. She tries one with a number put in:",
        './run dojo sql "EXPLAIN (ANALYZE, BUFFERS) SELECT * FROM reviews WHERE product_id = 4711"',
        shows="all",
    ),
    Step(
        "run3",
        "150,000 rows are read to find a few. A migration with two indexes, for the two ways in"
        " which the page looks for reviews:",
        RUN,
        edits=(
            Edit(
                "app/migrations/0002_reviews_of_a_product.sql",
                None,
                "CREATE INDEX reviews_of_product ON reviews (product_id);\n"
                "CREATE INDEX reviews_by_time ON reviews (written_at DESC, id DESC);\n",
            ),
        ),
        shows="change",
    ),
    Step(
        "run4",
        "The pace is another one. What is left? Once a second the app writes down page views, and"
        " each is a commit of its own. **The second wrong turn:** don't wait for the disk.",
        RUN,
        edits=(
            Edit(
                VISITS,
                "psycopg.connect(database_url())",
                'psycopg.connect(database_url(), options="-c synchronous_commit=off")',
            ),
        ),
        shows="change",
    ),
    Step(
        "hint4",
        "The waves are still there, once a second, and two runs of one app differ by as much: the"
        " disk was not what anybody waited for. Back, and a hint. It is about something else than"
        " before, since the last report shows something else.",
        "./run dojo hint 01",
        undo=(VISITS,),
        shows="all",
    ),
    Step("hint5", "", "./run dojo hint 01", shows="all"),
    Step(
        "run5",
        "`write_visits` is no `async def`, and it runs on the event loop. In a thread it holds up"
        " nobody:",
        RUN,
        edits=(
            Edit(
                VISITS,
                "call_later(WRITE_EVERY_S, write_visits)",
                "call_later(WRITE_EVERY_S, write_in_thread)",
            ),
            Edit(
                VISITS,
                "def write_visits() -> None:\n"
                '    """Write down all page views since the last time, and forget those of long'
                ' ago."""\n'
                "    batch = views.copy()\n    views.clear()\n",
                "def write_in_thread() -> None:\n"
                '    """Hand the page views over; the event loop goes on."""\n'
                "    batch = views.copy()\n    views.clear()\n"
                "    asyncio.get_running_loop().run_in_executor(None, write_visits, batch)\n\n\n"
                "def write_visits(batch: list[tuple[str, datetime]]) -> None:\n"
                '    """Write down these page views, and forget those of long ago."""\n',
            ),
        ),
        shows="change",
    ),
    Step("hint6", "One more hint:", "./run dojo hint 01", shows="all"),
    Step(
        "run6",
        "Those who are logged in pay for a hundred round trips. One statement about all 32"
        " products instead of three for each:",
        RUN,
        edits=(
            Edit(
                OFFERS,
                '        "SELECT id, name, price, seller_id, color_id FROM products WHERE seller_id'
                ' IN ("\n'
                '        "  SELECT seller_id FROM purchases WHERE customer_id = %s)"\n'
                '        " ORDER BY price, id LIMIT %s",\n',
                '        "WITH cheapest AS (SELECT * FROM products WHERE seller_id IN ("\n'
                '        "  SELECT seller_id FROM purchases WHERE customer_id = %s)"\n'
                '        " ORDER BY price, id LIMIT %s)"\n'
                '        " SELECT cheapest.id, cheapest.name, cheapest.price,"\n'
                '        " sellers.name AS seller, colors.name AS color, rating, review_count"\n'
                '        " FROM cheapest JOIN sellers ON sellers.id = seller_id"\n'
                '        " JOIN colors ON colors.id = color_id CROSS JOIN LATERAL ("\n'
                '        "  SELECT avg(stars)::float AS rating, count(*) AS review_count"\n'
                '        "  FROM purchases JOIN reviews ON purchase_id = purchases.id"\n'
                '        "  WHERE purchases.product_id = cheapest.id) AS rated"\n'
                '        " ORDER BY cheapest.price, cheapest.id",\n',
            ),
            Edit(OFFERS, "    products = await fetch_all(", "    return await fetch_all("),
            Edit(OFFERS, "    return [await offer(db, product) for product in products]\n", ""),
        ),
        shows="change",
    ),
    Step("history", "All runs:", "./run dojo history 01", shows="all"),
    Step("reset", "And back to the start, for a colleague:", "./run dojo reset 01", shows="all"),
)
HEAD = """# A walk through kata 01

**This gives kata 01 away.** Read it when you are done, or when you would rather watch than walk.

Somebody who knows Python and some SQL, and had never heard of an error budget, walks the kata with
two wrong turns. Each command was really run, and its output is only cut: `…` stands for what was
left out, such as who else used the machine. `./run python -m benchmarks.walkthrough` walks it again
and writes this page.
"""
MORE = {"head": ("Where the time went", "  A single"), "change": ("Since attempt", "")}
MOST_REPEATS = 3
SAYS_NOTHING = re.compile("INVALID RUN|GraderFault")  # somebody disturbed it, or held the lock
OURS = re.compile(r"Another run |Postgres .* as DOJO_POSTGRES asks|\./run dojo up ")
OTHERS = re.compile(r"Of [\d,]+ bad events|The one bad event")
LOAD = re.compile(r"[\d,]+ page loads at ")
REPORT = re.compile(r"^ (NOT MET|MET|UNDECIDED|INVALID RUN|SLO MET)\b.*", re.MULTILINE | re.I)


def walk(project: Path, outputs: Path) -> None:
    """Do every step in a copy of the project; each command's output goes into a file."""
    for step in STEPS:
        for name in step.undo:
            shutil.copy(ROOT / name, project / name)
        for edit in step.edits:
            _apply(project / edit.path, edit)
        print(step.name, flush=True)
        output = _run(project, step.command)
        for _ in range(MOST_REPEATS):
            if not SAYS_NOTHING.search(output):
                break
            output = _run(project, step.command)
        (outputs / f"{step.name}.txt").write_text(output)


def _apply(path: Path, edit: Edit) -> None:
    if edit.before is None:
        path.write_text(edit.after)
        return
    text = path.read_text()
    assert edit.before in text, f"{path.name} has changed: {edit.before}"
    path.write_text(text.replace(edit.before, edit.after))


def _run(project: Path, command: str) -> str:
    words = command.replace("./run pytest", f"{sys.executable} -m pytest")
    words = words.replace("./run dojo", f"{sys.executable} -m dojo")
    settings = {"DOJO_POSTGRES": "embedded", "DOJO_CACHE": CACHE, "COLUMNS": "100"}
    done = subprocess.run(
        words,
        shell=True,
        cwd=project,
        env={**os.environ, **settings, "PYTHONPATH": str(project)},
        capture_output=True,
        text=True,
    )
    return done.stdout + done.stderr  # what waits and starts is said on the latter


def page(outputs: Path) -> str:
    """The page, from the outputs of a walk."""
    parts = [HEAD]
    for step in STEPS:
        output = (outputs / f"{step.name}.txt").read_text()
        parts += [step.text] if step.text else []
        parts += [f"```diff\n{''.join(map(_as_diff, step.edits))}```"] if step.edits else []
        shown = "\n".join(_excerpt(output, step.shows))
        parts.append(f"```text\n$ {step.command}\n{shown}\n```")
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _as_diff(edit: Edit) -> str:
    gone = [f"-{line}\n" for line in (edit.before or "").splitlines()]
    return "".join([f"{edit.path}\n", *gone, *(f"+{line}\n" for line in edit.after.splitlines())])


def _excerpt(output: str, shows: str) -> Iterator[str]:
    if shows == "all":
        yield from (line.rstrip() for line in output.strip().splitlines() if not OURS.match(line))
        return
    match = REPORT.search(output)
    lines = output[match.start() :].splitlines() if match else output.splitlines()
    yield from _without_others(_part(lines, "", "SLI = good"))
    yield "…"
    begins, ends = MORE[shows]
    if more := list(_part(lines, begins, ends)):
        yield from more
        yield "…"


def _part(lines: list[str], begins: str, ends: str) -> Iterator[str]:
    """From the first line that begins so to before the next that begins with `ends`, or empty."""
    begin = next((n for n, line in enumerate(lines) if line.startswith(begins)), len(lines))
    for number, line in enumerate(lines[begin:]):
        if number and (line.startswith(ends) if ends else not line):
            return
        yield line.rstrip()


def _without_others(lines: Iterator[str]) -> Iterator[str]:
    """Without the paragraph on who else used the machine, which names what runs there."""
    inside = False
    for line in lines:
        inside = bool(OTHERS.match(line)) or (inside and not LOAD.match(line))
        if not inside:
            yield line


def main() -> None:
    """Walk, unless there are outputs already, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--from", dest="outputs", type=Path, help="outputs of an earlier walk")
    parser.add_argument("--keep", type=Path, help="where to copy the outputs")
    options = parser.parse_args()
    chosen = options.outputs
    with tempfile.TemporaryDirectory() as folder:
        outputs = chosen or Path(folder) / "outputs"
        if chosen is None:
            outputs.mkdir()
            project = copy_project(Path(folder))
            subprocess.run(COMMIT, shell=True, cwd=project, check=True)
            walk(project, outputs)
        if options.keep:
            shutil.copytree(outputs, options.keep, dirs_exist_ok=True)
        if not re.search(r"^ MET ", (outputs / LAST_RUN).read_text(), re.MULTILINE):
            sys.exit("The last run is not green, so nothing is written: is the machine busy?")
        PAGE.write_text(page(outputs))


if __name__ == "__main__":
    main()
