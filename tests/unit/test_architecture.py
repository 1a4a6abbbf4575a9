"""docs/architecture.md agrees with the code."""

import re

from tests.support.project import ROOT
from tests.unit.test_house import COMMON, WINGS

TEXT = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
OF_ITSELF = {"attempt", "cli", "grading", "kata_run", "plugin", "watched", "__main__"}
BELOW = set(WINGS) - OF_ITSELF


def names(cell: str) -> set[str]:
    """The words in backticks."""
    return set(re.findall(r"`(\w+)`", cell))


def test_its_table_is_the_rule_that_is_held() -> None:
    """Each wing stands in the table with what the import test lets it import."""
    rules = {}
    for wings, others in re.findall(r"^\| (`\w+`(?:, `\w+`)*) \| (.+) \|$", TEXT, re.MULTILINE):
        below = BELOW if "all of the above" in others else set()
        rules.update(dict.fromkeys(names(wings), (below | names(others)) - names(wings)))
    assert rules == {wing: known for wing, known in WINGS.items() if wing != "__main__"}
    assert all(f"`{name}`" in TEXT for name in COMMON)


def test_its_picture_draws_only_what_is_allowed() -> None:
    """Each arrow is an import that the table allows, and each wing is drawn."""
    arrows = re.findall(r"^    (\w+)(?:\[.*?\])? --> (\w+)", TEXT, re.MULTILINE)
    assert {wing for arrow in arrows for wing in arrow} == set(WINGS) - {"__main__"}
    assert not [(wing, below) for wing, below in arrows if below not in WINGS[wing]]


def test_every_path_that_it_names_is_there() -> None:
    """Whoever follows it arrives; NN-name and <what> stand for something else."""
    paths = [path for path in re.findall(r"`([\w.-]+/[\w./-]*)`", TEXT) if "NN-name" not in path]
    assert len(paths) > 10
    assert not [path for path in paths if not (ROOT / path).exists()]


def test_it_is_short_and_the_readme_leads_to_it() -> None:
    """A newcomer reads the whole of it."""
    assert 40 <= len(TEXT.splitlines()) <= 90
    assert "(docs/architecture.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
