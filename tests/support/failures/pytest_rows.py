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
