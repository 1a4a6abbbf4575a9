"""On a system that tells no run-queue delay (macOS), beside a busy program no red is the app's."""

from tests.support.kata_run import KATAS, RunKata
from tests.support.processes import busy_loops

NO_DELAY = ("-p", "tests.support.no_schedstat")


def test_a_red_beside_a_busy_program_is_repeated_and_then_invalid(run_kata: RunKata) -> None:
    """It names the program, leaves the figure out, and says that it can't be had."""
    with busy_loops(2):
        run = run_kata(KATAS[0], options=NO_DELAY)
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
