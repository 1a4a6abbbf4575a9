"""The plugin: which outcome is what to pytest. The site and the attempt are stood in for."""

import pytest

from tests.support.project import ROOT

CONFTEST = f"""
import pytest
import dojo.kata_run
import dojo.plugin
from dojo.errors import *
from dojo.slo.openslo import parse
from tests.support.sample_reports import small_report
LEVEL = parse({(ROOT / "katas/01-latency/slo.yaml").read_text()!r})


class Site:
    http = None


@pytest.fixture(autouse=True)
def stand_in(monkeypatch, request):
    def attempt(spec, site, on_progress, service_time_s):
        outcome = request.module.OUTCOME
        if isinstance(outcome, Exception):
            raise outcome
        return small_report(kata=spec.kata.folder.name, number=spec.number, **outcome)
    monkeypatch.setattr(dojo.kata_run, "attempt", attempt)


@pytest.fixture(scope="module")
def kata_run(request, tmp_path_factory, pytestconfig):
    from dojo.settings import Settings
    from pathlib import Path
    settings = Settings(Path("app"), tmp_path_factory.mktemp("state"), Path("c"), None, None, 0)
    pytestconfig.stash[dojo.plugin.SETTINGS] = settings
    class Kata:
        folder = request.path.parent
    fault = getattr(request.module, "FAULT", None)
    site = None if fault else Site()
    return dojo.kata_run.KataRun(Kata(), LEVEL, 7, site=site, fault=fault)
"""
KATA = """
from dojo.errors import *
OUTCOME = {outcome}
FAULT = {fault}

def test_kata(judged):
    judged.require_met()
"""
MET = "{'verdict': 'met', 'bad_events': {}, 'checks': ()}"


@pytest.fixture
def katas(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makeconftest(CONFTEST)
    pytester.makeini(
        "[pytest]\naddopts = --import-mode=importlib -p no:cacheprovider -p dojo.plugin"
        " -p no:hypothesispytest"  # it can't be loaded anew once a test has used it
    )
    return pytester


def make_kata(katas: pytest.Pytester, name: str, outcome: str = MET, fault: str = "None") -> None:
    folder = katas.mkdir(name)
    (folder / "slo.yaml").write_text("")
    (folder / "hints.md").write_text("# Hints\n\n## One\nFirst.\n\n## Two\nSecond.\n")
    (folder / f"test_{name}.py").write_text(KATA.format(outcome=outcome, fault=fault))


@pytest.mark.parametrize(
    ("outcome", "counts", "words"),
    [
        (MET, {"passed": 1}, " MET "),
        ("{}", {"failed": 1}, "NOT MET: 95% within 100 ms; checks: visits_counted"),
        (
            "{'verdict': 'invalid', 'invalid_because': ('the generator was late',)}",
            {"errors": 1},
            "INVALID RUN: the generator was late.",
        ),
        ("AppDied('it ended')", {"failed": 1}, "AppDied: it ended"),
        ("InvalidRun('no generator')", {"errors": 1}, "InvalidRun: no generator"),
        ("PostgresUnavailable('gone')", {"errors": 1}, "PostgresUnavailable: gone"),
    ],
    ids=["met", "not met", "invalid", "app", "generator", "postgres"],
)
def test_whose_fault_it_is_decides_the_outcome(
    katas: pytest.Pytester, outcome: str, counts: dict[str, int], words: str
) -> None:
    """What the learner's app did wrong is a failure; what we or the machine did, an error."""
    make_kata(katas, "one", outcome)
    result = katas.runpytest()
    result.assert_outcomes(**counts)
    assert words in result.stdout.str()
    assert result.ret == (0 if "passed" in counts else 1)


def test_an_app_that_does_not_start_is_a_failure(katas: pytest.Pytester) -> None:
    """Nothing is measured, and its own words are told."""
    make_kata(katas, "one", fault="AppDidNotStart('See app/home.py:3.')")
    result = katas.runpytest()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*AppDidNotStart: See app/home.py:3.*"])


def test_several_katas_end_with_a_summary(katas: pytest.Pytester) -> None:
    """Each report, and one line for each kata."""
    make_kata(katas, "one")
    make_kata(katas, "two", "{}")
    result = katas.runpytest()
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["kata *worst objective*", "one *MET*", "two *NOT MET*"])


def test_a_hint_runs_nothing(katas: pytest.Pytester) -> None:
    """One hint more each time, of the kata that was named."""
    make_kata(katas, "one", "RuntimeError('measured')")
    for told in ("*Hint 1 of 2*", "*Hint 2 of 2*", "*That was the last one.*"):
        result = katas.runpytest("one", "--hint")
        assert result.ret == pytest.ExitCode.OK
        result.stderr.fnmatch_lines([told])
        assert "measured" not in result.stdout.str()


def test_a_hint_needs_a_kata(katas: pytest.Pytester) -> None:
    """Where no kata was named, the message says how to."""
    katas.makepyfile("def test_other(): pass")
    result = katas.runpytest("--hint")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*pytest katas/01-latency --hint*"])
