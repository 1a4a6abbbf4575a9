"""What must hold for sessions: each is its customer's, is its own, and is a row of `sessions`."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from dojo import Finding, Site, Wrong
from katas.shop.checks.browser import Browser, known_and_ended
from katas.shop.expected.log_ins import LogInVisit, is_let_in
from katas.shop.scenarios.people import Person

__all__ = [
    *("count_sessions", "let_in_as_themselves", "log_in_renews_session", "sessions_kept"),
    "two_sessions",
]


def count_sessions(site: Site) -> int:
    """Rows in `sessions`."""
    row = site.db.execute("SELECT count(*) FROM sessions").fetchone()
    return int(row[0]) if row else 0


def let_in_as_themselves(
    visits: Sequence[LogInVisit], wrong: Mapping[tuple[int, int], Wrong]
) -> Finding:
    """Who is let in is known as themselves afterwards, and who must be refused is not let in.

    Who is refused though the password is right, or meets an error, is for the SLI to count.
    """
    let_in, refused, kept_out, problems = 0, 0, 0, list[str]()
    for visit in visits:
        about, samples = visit.about, visit.samples
        if about.to_be_refused:
            refused += 1
            if is_let_in(samples["refused"]):
                problems.append(f"{about.description} was let in ({about.kind})")
            continue
        if not is_let_in(samples["log in"]):
            kept_out += 1
            continue
        let_in += 1
        me = samples.get("me")
        if me is None or me.status is None or me.status >= 500 or about.person is None:
            continue  # an error, or no answer: the SLI counts it
        if problem := wrong.get((me.journey, me.step)):
            without = "" if visit.tokens() else ", whose browser was given no session that it keeps"
            problems.append(
                f"/me said {problem.came} to {about.person.name}, {about.description}{without}"
            )
    if problems:
        return Finding(
            False,
            f"{len(problems):,} of {len(visits):,} visitors were let in wrongly, or were not known"
            f" as themselves afterwards; none may be. One of them: {problems[0]}.",
        )
    others = f"; {kept_out:,} with the right one were not let in, which the SLI counts"
    return Finding(
        let_in > 0,
        f"All {let_in:,} who were let in were themselves, and none of {refused:,} with a wrong"
        f" password or address was let in{others if kept_out else ''}.",
    )


def sessions_kept(visits: Sequence[LogInVisit], before: int, now: int) -> Finding | None:
    """Each session that was given out, and not ended, is a row of `sessions`.

    None if none was given out. A row may stay after its log-out, and a log-in whose
    answer never came may have one.
    """
    given = {token for visit in visits for token in visit.tokens()}
    if not given:
        return None
    out = [visit for visit in visits if visit.logged_out()]
    ended = {token for visit in out for token in visit.tokens()[-1:]}
    answered = {token for visit in out if visit.log_out_answered() for token in visit.tokens()[-1:]}
    sent = sum(step.startswith("log in") for visit in visits for step in visit.samples)
    least, grown = len(given - ended), now - before
    summary = (
        f"sessions has {grown:,} rows more; {len(given):,} sessions were given out, and for"
        f" {len(ended):,} of them a log-out was sent, of which {len(answered):,} were answered"
    )
    if least <= grown <= sent:
        return Finding(True, f"{summary}.")
    return Finding(
        False,
        f"{summary}. Each that goes on needs its row, which makes at least {least:,}; {sent:,}"
        " log-ins were sent, so there can't be more.",
    )


def two_sessions(visits: Sequence[LogInVisit], people: Iterable[Person], site: Site) -> Finding:
    """Two log-ins are two sessions, and log-out ends only the one it came from.

    No two log-ins of the load may have got one session; each of `people` logs in twice now.
    """
    given = Counter(token for visit in visits for token in visit.tokens())
    shared = sum(count for count in given.values() if count > 1)
    if shared:
        return Finding(
            False,
            f"{shared:,} of {given.total():,} log-ins got a session that another log-in got, too;"
            f" there were {len(given):,} different ones. Two log-ins are two sessions.",
        )
    count = 0
    for person in people:
        count += 1
        if problem := _problem_of_two(person, site):
            return Finding(
                False, f"{person.name} (customer {person.id}) logged in twice at once: {problem}."
            )
    return Finding(
        count > 0,
        f"{given.total():,} log-ins got as many sessions; {count} customers had two each, and a"
        " log-out ended one of them.",
    )


def _problem_of_two(person: Person, site: Site) -> str | None:
    first, second = Browser(site), Browser(site)
    for browser in (first, second):
        browser.log_in(person.email, person.password)
    if first.session is None or second.session is None:
        return "a log-in gave no session"
    if first.session == second.session:
        return "two log-ins gave one session, so that each log-out ends both"
    if not (first.is_known_as(person) and second.is_known_as(person)):
        return "of two sessions one did not work"
    second.log_out()
    if not second.is_stranger():
        return "a session went on after its log-out"
    if not first.is_known_as(person):
        return "the log-out of one session ended the other, too"
    return None


def log_in_renews_session(person: Person, another: Person, site: Site) -> Finding:
    """A log-in gives a new session, whatever cookie came with it: nobody can fix it beforehand."""
    browsers = known_and_ended(site, another, another)
    theirs, ended = (None, None) if browsers is None else (each.session for each in browsers)
    if theirs is None or ended is None:
        return Finding(False, f"A log-in of {another.name} gave no session.")
    brought = {
        "an invented session": _like(theirs),
        "somebody else's session that was ended": ended,
        "somebody else's session": theirs,
    }
    for what, cookie in brought.items():
        for as_json in (True, False):
            browser = Browser(site, cookie)
            status = browser.log_in(person.email, person.password, as_json=as_json).status_code
            if status >= 400:
                return Finding(
                    False,
                    f"{person.name} logged in while the browser had {what} as its cookie, and got"
                    f" {status}; a log-in must give a new session.",
                )
            if browser.session == cookie or Browser(site, cookie).is_known_as(person):
                return Finding(
                    False,
                    f"{person.name} logged in while the browser had {what} as its cookie, and that"
                    " became the session (session fixation): who planted it is logged in, too.",
                )
    return Finding(
        True,
        f"{2 * len(brought)} log-ins that came with an invented, an ended or somebody else's"
        " session got a new one.",
    )


def _like(token: str) -> str:
    """A token of the same form that was never given out: letters and digits in another order."""
    return token.translate(str.maketrans("0123456789abcdef", "1032547698badcfe"))
