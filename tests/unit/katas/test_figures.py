"""Numbers as pages write them."""

import pytest

from katas.shop.expected.figures import amount, whole_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(("2907", 2907), ("2,907", 2907), ("2.907", 2907), ("2 907", 2907), ("2\u2019907", 2907)),
        *(("2'907", 2907), ("1,234,567", 1_234_567), ("2,907 results", 2907), ("1 result", 1)),
        *(("0", 0), ("0 results", 0), ("No results", 0), ("none", 0), ("48320", 48_320)),
        *(("2,90", None), ("29,07", None), ("1,234.567", None), ("", None), (None, None)),
        *(("2907+", None), ("about 2907", None), ("2 of 2907", None), ("10000+ results", None)),
        *(("-1", None), ("2907.5", None), ("٣", None), ("results", None), ("1,234567", None)),
    ],
)
def test_a_count_in_any_honest_form(text: str | None, number: int | None) -> None:
    """Thousands may be set apart and a word may follow; what says less than the number is none."""
    assert whole_number(text) == number


@pytest.mark.parametrize(
    ("text", "euros"),
    [
        *(("12", 12), ("€ 12", 12), ("€12.00", 12), ("12.00", 12), ("1,200", 1200)),
        *(("12.50", None), ("12.5", None), ("$ 12", None), ("", None), (None, None)),
    ],
)
def test_an_amount_in_any_honest_form(text: str | None, euros: int | None) -> None:
    """With the currency and with cents, if there are none."""
    assert amount(text) == euros
