"""Where no run-queue delay is told (macOS), no red is the app's if others leave it too little."""

from tests.support.kata_run import KATAS, RunKata
from tests.support.processes import busy_loops

NO_DELAY = ("-p", "tests.support.no_schedstat")
# what is late there needs little CPU, so the programs beside it get what they want
FAULT = sorted((KATAS[0] / ".meta" / "faults").glob("*.patch"))[0]


def test_a_red_beside_busy_programs_is_repeated_and_then_invalid(run_kata: RunKata) -> None:
    """It names one, leaves the figure out, and says that it can't be had."""
    with busy_loops(2):
        run = run_kata(KATAS[0], FAULT, options=NO_DELAY)
    assert run.report is not None, run.output
    assert run.report["verdict"] == "invalid", run.output
    assert run.report["disturbed"]
    assert run.report["repeated"]
    assert any("while True" in culprit["name"] for culprit in run.report["culprits"]), run.output
    assert run.returncode == 11
    assert run.report["environment"]["run_queue_delay"] is None
    said = " ".join(run.output.split())
    assert "This system does not tell how long the app waited for a CPU." in said
    assert "the run's own threads waited" not in said
