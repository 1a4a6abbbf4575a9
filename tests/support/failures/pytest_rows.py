"""Rows: options and plugins of pytest, and from where it is started."""

from tests.support.failures.bench import Bench
from tests.support.failures.ended import Ended, Expect
from tests.support.failures.row import Table

__all__ = ["TABLE"]

TABLE = Table("pytest")
row = TABLE.row

XDIST = """
import pytest
@pytest.hookimpl(tryfirst=True)
def pytest_configure(config):
    config.workerinput = {"workerid": "gw0"}
"""
TWICE = """
import pytest
@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    items[:] = [item for item in items if "slo" in item.name]
def pytest_generate_tests(metafunc):
    if "judged" in metafunc.fixturenames:
        metafunc.fixturenames.append("repeat")
        metafunc.parametrize("repeat", range(2))
"""
REVERSED = """
import pytest
@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    items.reverse()
"""
# an app that is bad in the first run, and in a later one if that has the first one's database
FIRST_RUN_IS_BAD = """
first = not os.path.exists("ran")
with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as db:
    db.execute("CREATE TABLE IF NOT EXISTS used (pid int)")
    is_used = db.execute("SELECT count(*) FROM used").fetchone()[0]
async def page(scope, send):
    if first and pages == 20:
        open("ran", "w").close()
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as db:
            db.execute("INSERT INTO used VALUES (1)")
    await answer(send, 503 if first or is_used else 200, b"3")
"""
HANGS_ALONE = """
async def page(scope, send):
    if pages in range(2, 12):
        await asyncio.sleep(3600)
    await answer(send, 200, b"3")
"""


TABLE.session("-p no:benchmark", Expect.UNCHANGED, "", "", "-p", "no:benchmark", long=True)


TABLE.session("--benchmark-disable", Expect.UNCHANGED, "", "", "--benchmark-disable", long=True)


TABLE.session("--benchmark-skip", Expect.UNCHANGED, "", "", "--benchmark-skip", long=True)


TABLE.session("-p no:cacheprovider", Expect.UNCHANGED, "", "", "-p", "no:cacheprovider", long=True)


TABLE.session(
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD=1", Expect.UNCHANGED, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1"
)


TABLE.session(
    "in a worker of pytest-xdist (-n 2)",
    Expect.ERROR,
    "BadSetting: * leave out -n",
    "",
    "-p",
    "fake_xdist",
    files={"fake_xdist.py": XDIST},
)


TABLE.session(
    "a plugin that runs each test twice",
    Expect.UNCHANGED,
    "2 passed",
    "",
    "-p",
    "twice",
    long=True,
    files={"twice.py": TWICE},
)


TABLE.session(
    "a plugin that changes the order",
    Expect.UNCHANGED,
    "",
    "",
    "-p",
    "backwards",
    long=True,
    files={"backwards.py": REVERSED},
)


@row("--junitxml", Expect.UNCHANGED, "generated xml file", left="the file", long=True)
def junit(bench: Bench) -> Ended:
    ended = bench.session("", f"--junitxml={bench.folder}/junit.xml")
    assert 'name="outcome" value="Met"' in (bench.folder / "junit.xml").read_text()
    return ended


@row("from inside the kata's folder", Expect.UNCHANGED, long=True)
def from_the_folder(bench: Bench) -> Ended:
    (bench.folder / "katas" / "09-small").mkdir(parents=True)
    return bench.session(cwd=bench.folder / "katas" / "09-small")


TABLE.session("with -s, without capture", Expect.UNCHANGED, "", "", "-s", long=True)


TABLE.session(
    "the page hangs when it is sent alone, and not in the burst",
    Expect.UNCHANGED,
    "",
    HANGS_ALONE,
    long=True,
)


def with_plugins(
    done: str, expected: Expect, says: str, package: str, more: str = "", *options: str
) -> None:
    """A row with real plugins: installed by who runs the tests, and skipped without."""
    row(done, expected, says, long=True)(
        lambda bench: bench.plugins_session(package, more, *options)
    )


with_plugins(
    "pytest-xdist itself, with -n 2", Expect.ERROR, "BadSetting: * leave out -n", "xdist", "", "-n2"
)


with_plugins(
    "pytest-xdist, rerunfailures, repeat, randomly and timeout installed, and not used",
    Expect.UNCHANGED,
    "",
    "xdist",
)


with_plugins(
    "pytest-rerunfailures itself, with --reruns 1: a fresh site for the second run",
    Expect.UNCHANGED,
    "1 rerun",
    "pytest_rerunfailures",
    FIRST_RUN_IS_BAD,
    "--reruns=1",
)


with_plugins(
    "pytest-repeat itself, with --count 2: a fresh site for each",
    Expect.UNCHANGED,
    "passed",
    "pytest_repeat",
    "",
    "--count=2",
)


with_plugins(
    "pytest-randomly itself, with another seed",
    Expect.UNCHANGED,
    "Using --randomly-seed=7",
    "pytest_randomly",
    "",
    "-p",
    "randomly",
    "--randomly-seed=7",
)


with_plugins(
    "pytest-timeout itself, with --timeout 120",
    Expect.UNCHANGED,
    "timeout: 120.0s",
    "pytest_timeout",
    "",
    "--timeout=120",
)
