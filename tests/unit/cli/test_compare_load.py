"""What is said of an open and a closed load of the same server."""

from dojo.cli.compare_load import comparison_text
from dojo.load.open_and_closed import Comparison, Seen
from tests.support.project import ROOT

CLOSED = Seen((0.006,) * 196 + (1.1,) * 4, tuple(place / 50 for place in range(200)))
OPEN = Seen((0.006,) * 200 + (0.6,) * 100, tuple(place / 50 for place in range(300)))


def test_both_loads_are_held_against_the_same_objective() -> None:
    """Counts, times, SLI and verdict of each, in a table of 80 columns at most."""
    text = comparison_text(Comparison(), CLOSED, OPEN)
    rows = {line[:30].strip(): line[30:].split() for line in text.splitlines()}
    assert rows["requests"] == ["200", "300"]
    assert rows["sent while it stood still"] == ["60", "60"]
    assert rows["mean"] == ["28", "ms", "204", "ms"]
    assert rows["p50"] == ["6", "ms", "6", "ms"]
    assert rows["p95"] == ["6", "ms", "600", "ms"]
    assert rows["p99"] == ["1.10", "s", "600", "ms"]
    assert rows["SLI: within 100 ms"] == ["98.0%", "66.7%"]
    assert rows["objective: 95% within 100 ms"] == ["met", "not", "met"]
    assert max(map(len, text.splitlines())) <= 80


def test_the_primer_has_the_same_rows() -> None:
    """Its table is what the command prints, so that a learner who runs it finds it again."""

    def labels(text: str) -> list[str]:
        table = text.partition("requests  ")[2].partition("\n\n")[0].partition("```")[0]
        return [line[:30].strip() for line in table.splitlines()[1:]]

    primer = (ROOT / "docs" / "primer.md").read_text()
    rows = labels(comparison_text(Comparison(), CLOSED, OPEN))
    assert len(rows) == 8
    assert labels(primer) == rows
