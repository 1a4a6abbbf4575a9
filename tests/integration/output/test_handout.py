"""docs/handout.md: what each person gets, on one side of A4."""

from playwright.sync_api import Browser

from tests.support.handout import HANDOUT, page_count, print_pdf


def test_the_handout_is_one_page(browser: Browser) -> None:
    """With lines to spare for another font; a longer text has two, so the count is right."""
    text = HANDOUT.read_text(encoding="utf-8")
    assert page_count(print_pdf(browser, text + "\n\none more line" * 2)) == 1
    assert page_count(print_pdf(browser, text + "\n\none more line" * 20)) == 2
