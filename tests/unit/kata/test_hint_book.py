"""A kata's hints as its file states them."""

import pytest

from dojo.errors import BadSetting
from dojo.kata.hint_book import parse_hints, sections_of

GENERAL = "## General: all\nLook.\n\n"
CAUSE = """## Cause: one
fault: first
when: pool_waits > 3
when: waiting_at_end > 3 and answered_share < 0.5

### Nudge
Look.
### Pointer
Look there.
### Almost there
In a file.
"""


def test_a_cause_has_a_fault_rules_and_three_hints() -> None:
    """Of several rules one is enough."""
    (cause,) = parse_hints(GENERAL + CAUSE).causes
    assert (cause.name, cause.faults) == ("one", ("first",))
    assert cause.depths == ("Look.", "Look there.", "In a file.")
    for where, likely in (
        ({"pool_waits": 4}, True),
        ({"pool_waits": 3, "waiting_at_end": 4}, True),
        ({"pool_waits": 3, "waiting_at_end": 3}, False),
    ):
        assert cause.is_likely({"where": where, "points": [[0.0, None, "timeout"]]}) is likely


def test_a_cause_may_have_several_faults() -> None:
    """Each in a line of its own."""
    (cause,) = parse_hints(GENERAL + CAUSE.replace("when:", "fault: second\nwhen:", 1)).causes
    assert cause.faults == ("first", "second")


def test_a_section_without_a_rule_always_fits() -> None:
    """With one it fits only such a report."""
    book = parse_hints(GENERAL + '## Also: checks\nwhen: failed_checks("") > 0\nRead it.\n')
    assert book.general[0].fits({})
    (also,) = book.also
    assert not also.fits({})
    assert also.fits({"checks": [{"name": "pages_right", "passed": False}]})
    assert also.text == "Read it."


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no section begins with '## General: '"),
        (GENERAL + "## More\nLook.\n", "'## More' must begin with one of '## General: '"),
        (GENERAL + CAUSE.replace("fault: first\n", ""), "no line that begins with 'fault: '"),
        (GENERAL + CAUSE.replace("when:", "if:"), "no line that begins with 'when: '"),
        (GENERAL + CAUSE.replace("### Pointer\nLook there.\n", ""), "must have '### Nudge'"),
        (GENERAL + CAUSE.replace("Look there.\n", ""), "each with a text"),
        (
            GENERAL + CAUSE.replace("pool_waits > 3", "pools > 3"),
            "## Cause: one': there is no",
        ),
    ],
)
def test_what_cannot_be_read_is_named(text: str, words: str) -> None:
    """The message names the section and what it lacks."""
    with pytest.raises(BadSetting, match=words):
        parse_hints(text)


def test_sections_are_those_of_one_level() -> None:
    """What stands before the first heading belongs to none; deeper headings stay in the text."""
    assert sections_of("# T\nx\n## A\n1\n### B\n2\n## C\n") == {"A": "1\n### B\n2", "C": ""}
