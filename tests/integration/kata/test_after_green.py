"""What there is to do once a kata is green."""

from pathlib import Path

from dojo.kata.after_green import HEADING, after_green, question_command
from tests.support.project import ROOT


def test_the_question_and_the_next_kata_are_named() -> None:
    """With the command that the README invites to."""
    question, following = after_green(ROOT, "01-latency")
    assert question == (
        "One more question, at the end of katas/01-latency/README.md:"
        " ./run pytest katas/01-latency --load-factor 1.5"
    )
    assert following == "The next kata: 02-login-errors; what to do now: ./run dojo next"
    assert len(after_green(ROOT, "05-sli")) == 1  # the last one


def test_without_a_question_or_a_readme_there_is_no_line(tmp_path: Path) -> None:
    """A kata of somebody's own may have neither."""
    assert after_green(tmp_path, "07-made-up") == ()
    assert question_command("# A kata\n\n    ./run pytest\n") == ""
    assert question_command(f"{HEADING}\n\nThink.\n\n## More\n\n    ./run pytest\n") == ""
    assert question_command(f"{HEADING}\n\n    A=1 ./run pytest x\n") == "A=1 ./run pytest x"
