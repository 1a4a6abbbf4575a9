"""The plugin: which outcome is what to pytest. The site and the attempt are stood in for."""

from xml.etree import ElementTree

import pytest

from tests.support.project import ROOT

CONFTEST = f"""
from contextlib import nullcontext
import pytest
import dojo.kata_run
from dojo.plugin.session import SETTINGS
from dojo.errors import *
from dojo.load.progress import BurstProgress
from dojo.slo.openslo import parse
from tests.support.sample_reports import small_report
LEVEL = parse({(ROOT / "katas/01-latency/slo.yaml").read_text()!r})


class Site:
    http = None

    def renew(self):
        pass

    def during(self, step):
        return nullcontext()


@pytest.fixture(autouse=True)
def stand_in(monkeypatch, request):
    def attempt(spec, site, on_progress, service_time_s):
        outcome = request.module.OUTCOME
        if isinstance(outcome, list):  # one run after another
            outcome = outcome.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        for look in range(1, outcome.get("looks", 1) + 1):
            for t_s in (0.1, 0.2):
                on_progress(look, BurstProgress(t_s, 8, 7, 1, dict()))
        return small_report(kata=spec.kata.folder.name, number=spec.number, **outcome)
    monkeypatch.setattr(dojo.kata_run, "attempt", attempt)


@pytest.fixture(scope="module")
def kata_run(request, tmp_path_factory, pytestconfig):
    from dojo.settings import Settings
    from pathlib import Path
    settings = Settings(Path("app"), tmp_path_factory.mktemp("state"), Path("c"), None, None, 0)
    pytestconfig.stash[SETTINGS] = settings
    class Kata:
        folder = request.path.parent
    fault = getattr(request.module, "FAULT", None)
    site = None if fault else Site()
    return dojo.kata_run.KataRun(Kata(), LEVEL, 7, site=site, fault=fault)
"""
KATA = """
from dojo.errors import *
from dojo.report import ObjectiveResult
OUTCOME = {outcome}
FAULT = {fault}

def test_kata(judged):
    judged.require_met()
"""
MET = "{'verdict': 'met', 'bad_events': {}, 'checks': ()}"
NOT_MET = "{}"
BROKEN = "{'slo': 'met', 'objectives': ()}"
UNDECIDED = """{
    "verdict": "undecided", "looks": 3, "checks": (),
    "objectives": (ObjectiveResult(
        "99% within 300 ms", 0.99, 0.3, 2866, 2880, "undecided", (0.99, 0.998), 14, 11
    ),),
}"""
INVALID = "{'verdict': 'invalid', 'invalid_because': ('the generator was late',)}"
DISTURBED = "{'verdict': 'invalid', 'disturbed': True, 'invalid_because': ('others were there',)}"


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
    (folder / ".meta").mkdir()
    (folder / ".meta" / "hints.md").write_text("# Hints\n\n## General: one\nFirst.\n")
    (folder / f"test_{name}.py").write_text(KATA.format(outcome=outcome, fault=fault))


@pytest.mark.parametrize(
    ("outcome", "counts", "words", "status"),
    [
        (MET, {"passed": 1}, " MET ", 0),
        (NOT_MET, {"failed": 1}, "NOT MET: 95% within 100 ms; checks: visits_counted.", 1),
        (BROKEN, {"failed": 1}, "SLO met, but the site is broken: visits_counted.", 1),
        (
            UNDECIDED,
            {"failed": 1},
            "UNDECIDED. Too close to call after 3 bursts. 99% within 300 ms: green needs at most"
            " 11 bad events of 2,880; you had 14.",
            10,
        ),
        (INVALID, {"errors": 1}, "INVALID RUN: the generator was late.", 11),
        ("AppDied('it ended')", {"failed": 1}, "AppDied: it ended", 1),
        ("InvalidRun('no generator')", {"errors": 1}, "InvalidRun: no generator", 11),
        ("PostgresUnavailable('gone')", {"errors": 1}, "PostgresUnavailable: gone", 11),
    ],
    ids=[
        *("met", "not met", "broken", "undecided", "invalid"),
        *("app", "generator", "postgres"),
    ],
)
def test_whose_fault_it_is_decides_the_outcome(
    katas: pytest.Pytester, outcome: str, counts: dict[str, int], words: str, status: int
) -> None:
    """What the learner's app did wrong is a failure; what we or the machine did, an error."""
    make_kata(katas, "one", outcome)
    result = katas.runpytest()
    result.assert_outcomes(**counts)
    assert words in result.stdout.str()
    assert result.ret == status


@pytest.mark.parametrize(
    ("outcomes", "status"),
    [
        ((MET, MET), 0),
        ((MET, UNDECIDED), 10),
        ((UNDECIDED, INVALID, MET), 11),
        ((INVALID, NOT_MET), 1),
        ((UNDECIDED, "AppDied('it ended')"), 1),
        ((UNDECIDED, "PostgresUnavailable('gone')"), 11),
        (("InvalidRun('no generator')", BROKEN), 1),
    ],
)
def test_of_several_katas_the_worst_is_the_exit_status(
    katas: pytest.Pytester, outcomes: tuple[str, ...], status: int
) -> None:
    """Not met is the worst, since it is certain; then an invalid run; then an undecided one."""
    for name, outcome in zip(("one", "two", "three"), outcomes, strict=False):
        make_kata(katas, name, outcome)
    assert katas.runpytest().ret == status


@pytest.mark.parametrize("outcome", [MET, UNDECIDED, INVALID])
def test_an_ordinary_test_that_fails_beside_katas_is_a_failure(
    katas: pytest.Pytester, outcome: str
) -> None:
    """Its exit status is pytest's own, whatever the katas came to."""
    make_kata(katas, "one", outcome)
    katas.makepyfile("def test_other(): assert False")
    assert katas.runpytest().ret == 1


def test_an_ordinary_test_that_passes_changes_nothing(katas: pytest.Pytester) -> None:
    """The katas alone have failed, so the exit status says how."""
    make_kata(katas, "one", UNDECIDED)
    katas.makepyfile("def test_other(): pass")
    assert katas.runpytest().ret == 10


@pytest.mark.parametrize(
    ("outcome", "other", "status"),
    [
        (UNDECIDED, "pass", 10),
        (UNDECIDED, "assert False", 1),
        (MET, "assert False", 1),
        (INVALID, "assert False", 1),
    ],
)
def test_both_tests_of_a_kata_count(
    katas: pytest.Pytester, outcome: str, other: str, status: int
) -> None:
    """Its other test that fails is a failure of the app's, whatever the attempt came to."""
    make_kata(katas, "one", outcome)
    with (katas.path / "one" / "test_one.py").open("a") as file:
        file.write(f"\ndef test_other():\n    {other}\n")
    assert katas.runpytest().ret == status


@pytest.mark.parametrize(
    ("outcomes", "status"), [((UNDECIDED, NOT_MET), 10), ((INVALID, NOT_MET), 11)]
)
def test_after_the_first_failure_that_one_counts(
    katas: pytest.Pytester, outcomes: tuple[str, str], status: int
) -> None:
    """With -x the other kata is not run, so nothing is known of it."""
    for name, outcome in zip(("one", "two"), outcomes, strict=True):
        make_kata(katas, name, outcome)
    result = katas.runpytest("-x")
    assert result.ret == status
    assert "two" not in result.stdout.str().split("short test summary")[-1]


def test_a_test_that_is_skipped_is_named_with_the_reason(katas: pytest.Pytester) -> None:
    """Of a kata's; beside it, of others pytest's own count is enough."""
    make_kata(katas, "one", fault="AppDied('it ended')")
    with (katas.path / "one" / "test_one.py").open("a") as file:
        file.write("\ndef test_alone(service_time):\n    service_time.measure()\n")
    katas.makepyfile("import pytest\ndef test_other(): pytest.skip('no browser')")
    result = katas.runpytest()
    result.assert_outcomes(failed=1, skipped=2)
    line = "Skipped: one/test_one.py::test_alone, since the app did not start."
    result.stdout.fnmatch_lines([line])
    assert "no browser" not in result.stdout.str()


def test_an_error_at_the_end_of_a_kata_is_no_verdict_about_its_app(katas: pytest.Pytester) -> None:
    """A failure of the teardown's says nothing; beside a red that is certain, red counts."""
    broken = "\nimport pytest\n@pytest.fixture(autouse=True)\ndef broken():\n    yield\n    1 / 0\n"
    for name, outcome in (("one", MET), ("two", NOT_MET)):
        make_kata(katas, name, outcome)
        with (katas.path / name / f"test_{name}.py").open("a") as file:
            file.write(broken)
    assert katas.runpytest("one").ret == 11
    assert katas.runpytest("one", "two").ret == 1


@pytest.mark.parametrize("outcome", [MET, UNDECIDED, NOT_MET])
def test_what_ends_the_session_has_pytests_own_exit_status(
    katas: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, outcome: str
) -> None:
    """Ctrl-C, a file that can't be imported, an option that is not known."""
    make_kata(katas, "one", outcome)
    katas.makepyfile(test_stopped="def test_stopped(): raise KeyboardInterrupt")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    stopped = katas.runpytest_subprocess("one", "test_stopped.py")
    assert stopped.ret == pytest.ExitCode.INTERRUPTED
    katas.makepyfile(test_not_imported="import no_such_module")
    assert katas.runpytest("one", "test_not_imported.py").ret == pytest.ExitCode.INTERRUPTED
    assert katas.runpytest("one", "--no-such-option").ret == pytest.ExitCode.USAGE_ERROR


def test_each_further_look_is_said_once(katas: pytest.Pytester) -> None:
    """When it begins, and not with every figure that comes."""
    make_kata(katas, "one", UNDECIDED)
    text = katas.runpytest().stderr.str()
    for look in (2, 3):
        assert text.count(f"Too close to call, look {look} of 3.") == 1
    assert "look 1" not in text


def test_a_disturbed_run_is_repeated_once(katas: pytest.Pytester) -> None:
    """It is said why, and the second run counts."""
    make_kata(katas, "one", f"[{DISTURBED}, {MET}]")
    result = katas.runpytest()
    result.assert_outcomes(passed=1)
    message = "This run says nothing: others were there. It is repeated once."
    assert result.stderr.str().count(message) == 1
    make_kata(katas, "two", f"[{DISTURBED}, {DISTURBED}]")
    result = katas.runpytest("two")
    result.assert_outcomes(errors=1)
    assert result.ret == 11
    assert result.stderr.str().count("It is repeated once.") == 1


def test_a_repeated_run_says_its_own_looks(katas: pytest.Pytester) -> None:
    """Each of the two runs has a second look."""
    looks = DISTURBED.replace("{", "{'looks': 2, "), MET.replace("{", "{'looks': 2, ", 1)
    make_kata(katas, "one", f"[{', '.join(looks)}]")
    assert katas.runpytest().stderr.str().count("Too close to call, look 2 of 3.") == 2


@pytest.mark.parametrize(
    ("outcome", "facts"),
    [
        (UNDECIDED, {"outcome": "Undecided", "verdict": "undecided", "looks": "3"}),
        (BROKEN, {"outcome": "SLO met, but the site is broken", "slo": "met"}),
        (INVALID, {"outcome": "Invalid run", "site_works": "None"}),
    ],
)
def test_junit_has_the_outcome_as_properties(
    katas: pytest.Pytester, outcome: str, facts: dict[str, str]
) -> None:
    """In the same words; an error in a fixture has them, too."""
    make_kata(katas, "one", outcome)
    katas.runpytest("--junitxml=junit.xml")
    case = ElementTree.parse(katas.path / "junit.xml").find(".//testcase")
    assert case is not None
    found = {each.get("name"): each.get("value") for each in case.iter("property")}
    assert {name: found[name] for name in facts} == facts


def test_an_app_that_does_not_start_is_a_failure(katas: pytest.Pytester) -> None:
    """Nothing is measured, and its own words are shown."""
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
    """One hint more each time, of the kata that was named; by its number the same again."""
    make_kata(katas, "one", "RuntimeError('measured')")
    for arguments, words in (
        (["one", "--hint"], ["*Hint 1", "*First.", "*--hint 1"]),
        (["--hint", "one"], ["*Run the kata first*", "*One hint was given; again: * --hint 1.*"]),
        (["one", "--hint", "1"], ["*Hint 1", "*First."]),
    ):
        result = katas.runpytest(*arguments)
        assert result.ret == pytest.ExitCode.OK
        result.stderr.fnmatch_lines(words)
        assert "measured" not in result.stdout.str()


def test_a_hint_that_was_not_given_is_no_file(katas: pytest.Pytester) -> None:
    """The message says which there are, and how to get the next."""
    make_kata(katas, "one")
    result = katas.runpytest("one", "--hint", "99")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        ["*There is no hint 99 of one yet. No hint was given so far. The next one: *one --hint"]
    )


def test_a_hint_needs_a_kata(katas: pytest.Pytester) -> None:
    """Where no kata was named, the message says how to."""
    katas.makepyfile("def test_other(): pass")
    result = katas.runpytest("--hint")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*pytest katas/01-latency --hint*"])


@pytest.mark.parametrize(
    ("outcome", "fault"), [(MET, "AppDied('it ended')"), ("AppDied('it ended')", "None")]
)
def test_a_run_that_the_app_broke_off_is_noted(
    katas: pytest.Pytester, outcome: str, fault: str
) -> None:
    """Whether the app broke down at its start or later: what happened is stored."""
    make_kata(katas, "one", outcome, fault)
    with (katas.path / "one" / "test_one.py").open("a") as file:
        file.write(
            "\ndef test_noted(pytestconfig):\n"
            "    from dojo.broken_run_files import broken_runs\n"
            "    from dojo.plugin.session import SETTINGS\n"
            "    folder = pytestconfig.stash[SETTINGS].state_dir / 'reports' / 'one'\n"
            "    assert [run.summary for run in broken_runs(folder)] == ['AppDied: it ended']\n"
        )
    katas.runpytest().assert_outcomes(failed=1, passed=1)
