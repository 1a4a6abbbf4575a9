"""What an answer to a log-in, and to what follows it, must be."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

from dojo import Burst, Cookies, Journey, Sample, Wrong
from katas.shop.expected.moment import Moment
from katas.shop.scenarios.log_ins import COOKIE, LogIn
from katas.shop.scenarios.people import Person

__all__ = [
    "LogInVisit",
    "is_let_in",
    "judge_answer",
    "judge_step",
    "log_in_visits",
    "names",
    "session_of",
]

ALERT = re.compile(rb'role="alert">([^<]+)<')


@dataclass(frozen=True, slots=True)
class LogInVisit:
    """One visitor's journey that was begun: its answers by step, as far as they were sent."""

    about: LogIn
    samples: Mapping[str, Sample]

    def tokens(self) -> list[str]:
        """The sessions that the shop acknowledged, in their order."""
        return list(self.tokens_by_step().values())

    def tokens_by_step(self) -> dict[str, str]:
        """The same, each by the step whose answer brought it."""
        return {
            name: token
            for name in ("log in", "log in again")
            if (sample := self.samples.get(name)) is not None
            and is_let_in(sample)
            and (token := session_of(sample))
        }

    def logged_out(self) -> bool:
        """Whether they sent a log-out."""
        return "log out" in self.samples

    def log_out_answered(self) -> bool:
        """Whether that log-out had an answer, whatever it said."""
        return self.logged_out() and self.samples["log out"].status is not None


def log_in_visits(burst: Burst) -> list[LogInVisit]:
    """Each visitor's journey that was begun, in all bursts so far, in the plan's order."""
    return [
        LogInVisit(visit.journey.expect, visit.samples) for visit in burst.visits(burst.journey)
    ]


def is_let_in(sample: Sample) -> bool:
    """Whether the shop said that somebody is logged in."""
    return sample.done_s is not None and sample.status is not None and sample.status < 400


def session_of(sample: Sample) -> str | None:
    """The session that a browser keeps of a log-in's answer and sends to /me; None without one."""
    lines, now_s = sample.headers.get("set-cookie", "").splitlines(), _date_s(sample)
    cookies = Cookies()
    cookies.receive(lines, "/login", now_s)
    return cookies.get(COOKIE, "/me", now_s) or None


def _date_s(sample: Sample) -> float:
    """When the answer was made by its own clock, in seconds since 1970; 0 if it doesn't say."""
    try:
        return parsedate_to_datetime(sample.headers.get("date", "")).timestamp()
    except (TypeError, ValueError):
        return 0.0


def names(body: bytes, person: Person) -> bool:
    """Whether a JSON answer names that customer."""
    try:
        named: Any = json.loads(body)
    except ValueError:
        return False
    return (
        isinstance(named, dict)
        and (named.get("id"), named.get("name")) == (person.id, person.name)
        and str(named.get("email", "")).lower() == person.email.lower()
    )


def judge_answer(sample: Sample, journey: Journey, when: Moment) -> Wrong | None:
    """What is wrong with an answer of such a journey; None if nothing is. It is never stale."""
    return judge_step(sample, journey.steps[sample.step].name, journey.expect)


def judge_step(sample: Sample, step: str, about: LogIn) -> Wrong | None:
    """The same, of the step of that name."""
    judge: Callable[[Sample, LogIn], str | None] = {
        "log in": _expected_of_log_in,
        "log in again": _expected_of_log_in,
        "me": _expected_of_me,
        "log out": _expected_of_log_out,
        "refused": _expected_of_refusal,
    }.get(step, lambda *_: None)
    expected = judge(sample, about)
    return None if expected is None else Wrong(expected, _came(sample))


def _came(sample: Sample) -> str:
    """Status and first words of an answer; of a page that is refused, what it says to people."""
    alert = ALERT.search(sample.body)
    text = (alert[1] if alert else sample.body)[:300].decode(errors="replace")
    return f"{sample.status} {' '.join(text.split())[:80]!r}"


def _expected_of_log_in(sample: Sample, about: LogIn) -> str | None:
    assert about.person is not None
    status = 200 if about.as_json else 303
    right = sample.status == status and bool(session_of(sample))
    if right and about.as_json:
        right = names(sample.body, about.person)
    if right and not about.as_json:
        right = sample.headers.get("location", "") == "/"
    return None if right else f"{status} and a session for {about.description}"


def _expected_of_me(sample: Sample, about: LogIn) -> str | None:
    assert about.person is not None
    if sample.status == 200 and names(sample.body, about.person):
        return None
    return f"200 and the name of {about.description} when logging in just before"


def _expected_of_log_out(sample: Sample, about: LogIn) -> str | None:
    status = 200 if about.as_json else 303
    return None if sample.status == status else f"{status}"


def _expected_of_refusal(sample: Sample, about: LogIn) -> str | None:
    if sample.status == 401 and not session_of(sample):
        return None
    return f"401 and no session for {about.description} ({about.kind})"
