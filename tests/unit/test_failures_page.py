"""docs/failures.md agrees with the failure matrix."""

from tests.support.failures.page import PATH, document
from tests.support.failures.row import AREAS
from tests.support.failures.rows import ROWS


def test_the_page_is_made_from_the_rows() -> None:
    """Who changes a row makes the page anew."""
    assert PATH.read_text(encoding="utf-8") == document()


def test_each_row_is_on_the_page() -> None:
    """Its area is one of the page's."""
    assert {row.area for row in ROWS} <= set(AREAS)


def test_each_row_has_a_name_of_its_own() -> None:
    """The name is made from what is done."""
    names = [row.id for row in ROWS]
    assert len(set(names)) == len(names)
