"""dojo.site.notices: a run that is never silent for long."""

import threading

import pytest

from dojo.site.notices import Notices, line

WAIT_S = 60.0


class Heard:
    """The lines that were said; the others wait for some."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._more = threading.Condition()

    def say(self, line: str) -> None:
        with self._more:
            self.lines.append(line)
            self._more.notify_all()

    def a_line_with(self, words: str) -> None:
        """Wait for one."""
        with self._more:
            assert self._more.wait_for(lambda: any(words in line for line in self.lines), WAIT_S)

    def after(self, count: int) -> list[str]:
        with self._more:
            assert self._more.wait_for(lambda: len(self.lines) >= count, WAIT_S)
            return self.lines


def test_a_step_that_takes_long_is_named() -> None:
    """Again and again as long as it goes on."""
    heard = Heard()
    with Notices(heard.say, 0.01).during("starting Postgres"):
        lines = heard.after(2)
    assert all("starting Postgres" in each for each in lines)


def test_a_step_that_has_just_begun_is_not_still_going_on() -> None:
    """It may be named because those before it took long."""
    assert line("starting the app", 0.2) == "Now starting the app."
    assert line("starting the app", 15.4) == "Still starting the app, after 15 s."


def test_of_steps_in_steps_the_inner_one_is_named() -> None:
    """And the outer one again once the inner one is over."""
    heard = Heard()
    notices = Notices(heard.say, 0.01)
    with notices.during("judging"):
        with notices.during("starting the app"):
            heard.a_line_with("starting the app")
        heard.lines.clear()
        heard.a_line_with("judging")


def test_what_takes_no_time_says_nothing() -> None:
    """Neither does a run between two steps, nor one whose step has failed."""
    heard = Heard()
    notices = Notices(heard.say, WAIT_S)
    with notices.during("starting the app"):
        notices.say("A word.")
    with pytest.raises(ValueError, match="broken"), notices.during("warming up"):
        raise ValueError("broken")
    assert heard.lines == ["A word."]
    assert not [each for each in threading.enumerate() if each.name.endswith("(_speak)")]
