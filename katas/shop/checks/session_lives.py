"""Sessions of the load, looked at once more: as the load left them, and after a restart."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dojo import Finding, Site, Wrong
from katas.shop.checks.browser import Browser
from katas.shop.expected.log_ins import LogInVisit
from katas.shop.scenarios.people import Person

__all__ = ["SessionLives"]

READ_AGAIN = 24


@dataclass
class SessionLives:
    """Some sessions that go on and some that were ended, from all over the load.

    What `go_on` has seen before the restart is what `survive_restart` asks for again, so that a
    restart is blamed for nothing that was so before.
    """

    alive: list[tuple[str, Person]] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)

    def go_on(
        self, visits: Sequence[LogInVisit], wrong: Mapping[tuple[int, int], Wrong], site: Site
    ) -> Finding | None:
        """Each session is known until its log-out, and never afterwards; None without sessions.

        Only those that were known once are asked for: for the others see `let_in_as_themselves`.
        """
        given = Counter(token for visit in visits for token in visit.tokens())
        # what two log-ins share one's log-out ends for both: see `two_sessions`
        own = [visit for visit in visits if visit.tokens() and given[visit.tokens()[-1]] == 1]
        alive, ended = _alive(own, wrong), _ended(own)
        if not alive:
            return None
        self.alive = [each for each in alive if Browser(site, each[0]).is_known_as(each[1])]
        self.ended = [token for token in ended if Browser(site, token).is_stranger()]
        forgotten, valid = len(alive) - len(self.alive), len(ended) - len(self.ended)
        problems = _problems(
            (forgotten, len(alive), "sessions", "forgotten"),
            (valid, len(ended), "sessions that a log-out had ended", "still valid"),
        )
        if problems:
            return Finding(
                False, f"After the load {problems}. A session goes on until its log-out."
            )
        return Finding(
            True,
            f"After the load {len(alive)} sessions from all over it were known, and {len(ended)}"
            " that were ended were not.",
        )

    def survive_restart(self, site: Site) -> Finding | None:
        """Those that went on before the restart go on, and those that were over are over."""
        if not (self.alive and self.ended):
            return None
        alive, ended = self.alive, self.ended
        forgotten = sum(not Browser(site, token).is_known_as(person) for token, person in alive)
        valid_again = sum(not Browser(site, token).is_stranger() for token in ended)
        problems = _problems(
            (forgotten, len(alive), "sessions", "forgotten"),
            (valid_again, len(ended), "ended sessions", "valid again"),
        )
        if problems:
            return Finding(
                False,
                f"{problems} after the restart of the app, and not before it. What is"
                " only in its memory is lost.",
            )
        return Finding(
            True,
            f"After a restart {len(alive)} sessions went on, and {len(ended)} that had been ended"
            " were still over.",
        )


def _alive(
    visits: Sequence[LogInVisit], wrong: Mapping[tuple[int, int], Wrong]
) -> list[tuple[str, Person]]:
    """The last session of visitors who were known and did not log out, evenly from all of them."""
    alive = [
        (visit.tokens()[-1], visit.about.person)
        for visit in visits
        if visit.about.person is not None
        and not visit.logged_out()
        and (me := visit.samples.get("me")) is not None
        and me.status == 200
        and (me.journey, me.step) not in wrong
    ]
    return alive[:: max(1, len(alive) // READ_AGAIN)]


def _ended(visits: Sequence[LogInVisit]) -> list[str]:
    """Sessions whose log-out was seen to work."""
    ended = [
        visit.tokens()[-1]
        for visit in visits
        if (last := visit.samples.get("me, logged out")) is not None and last.status == 401
    ]
    return ended[:: max(1, len(ended) // READ_AGAIN)]


def _problems(*counts: tuple[int, int, str, str]) -> str:
    """From (how many, of how many, of what, how they are): what is wrong; "" if nothing is."""
    return " and ".join(
        f"{count} of {total} {what} {'was' if count == 1 else 'were'} {state}"
        for count, total, what, state in counts
        if count
    )
