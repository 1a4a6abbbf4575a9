"""The walk through kata 01 that benchmarks/walkthrough.py makes."""

from pathlib import Path

from benchmarks import walkthrough
from tests.support.project import ROOT

REPORT = """pytest's own lines
 NOT MET   01-latency, attempt 2  “The site is slow to load”
Of 960 bad events 9 came while another program held the CPU: process 'x' used
9% of a core.
960 page loads at 80 a second for 12 s.

objective  SLI
SLI = good / total.

Where the time went
  Requests wait.
  A single request sends 2 statements.

Since attempt 1 (Not met)
  alone 1.5 s → 1.2 s

Seconds: 8.
"""


def test_every_edit_can_be_made() -> None:
    """What it replaces is in the app as it is shipped; a new file is new."""
    edits = [edit for step in walkthrough.STEPS for edit in step.edits]
    assert len(edits) > 3
    for edit in edits:
        path = ROOT / edit.path
        if edit.before is None:
            assert not path.exists()
        else:
            assert path.read_text().count(edit.before) == 1, edit.path


def test_a_page_has_every_step_and_no_process_of_the_machine(tmp_path: Path) -> None:
    """Outputs are cut to what a report begins with, where time went, and what changed."""
    for step in walkthrough.STEPS:
        (tmp_path / f"{step.name}.txt").write_text(REPORT if step.shows != "all" else "line\n")
    text = walkthrough.page(tmp_path)
    for step in walkthrough.STEPS:
        assert f"$ {step.command}\n" in text
        assert step.text in text
    assert text.count("960 page loads at 80 a second") == 6
    assert "Requests wait.\n…" in text
    assert "Since attempt 1 (Not met)\n  alone 1.5 s → 1.2 s\n…" in text
    for left_out in ("pytest's own", "used", "SLI = good", "A single request", "Seconds"):
        assert left_out not in text.partition("```text")[2]
