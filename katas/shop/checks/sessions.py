"""What must hold for sessions: each is its customer's, is kept, and lives until its log-out."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from dojo import Finding, Site, Wrong
from katas.shop.checks.browser import Browser
from katas.shop.expected.log_ins import LogInVisit, is_let_in
from katas.shop.scenarios.people import Person

__all__ = [
    *("count_sessions", "log_ins_right", "sessions_after_restart", "sessions_kept"),
    "two_sessions",
]

READ_AGAIN = 24


def count_sessions(site: Site) -> int:
    """Rows in `sessions`."""
    row = site.db.execute("SELECT count(*) FROM sessions").fetchone()
    return int(row[0]) if row else 0


def log_ins_right(visits: Sequence[LogInVisit], wrong: Mapping[tuple[int, int], Wrong]) -> Finding:
    """Who is let in is logged in, as themselves, and nobody else is."""
    let_in, problems = 0, list[str]()
    for visit in visits:
        about, samples = visit.about, visit.samples
        if about.to_be_refused:
            if is_let_in(samples["refused"]):
                problems.append(f"{about.description} was let in ({about.kind})")
            continue
        if not is_let_in(samples["log in"]):
            continue
        let_in += 1
        me = samples.get("me")
        if me is None or me.status is None or me.status >= 500 or about.person is None:
            continue  # an error, or no answer: the SLI counts it
        if problem := wrong.get((me.journey, me.step)):
            problems.append(f"/me said {problem.came} to {about.person.name}, {about.description}")
    if problems:
        return Finding(
            False,
            f"{len(problems):,} of {len(visits):,} visitors were let in wrongly or as somebody"
            f" else; none may be. One of them: {problems[0]}.",
        )
    return Finding(let_in > 0, f"All {let_in:,} who were let in were let in as themselves.")


def sessions_kept(visits: Sequence[LogInVisit], before: int, now: int) -> Finding:
    """Each session that was acknowledged, and not ended, is a row of `sessions`."""
    tokens = {token for visit in visits for token in visit.tokens()}
    ended = sum(visit.logged_out() for visit in visits)
    log_ins = sum(step.startswith("log in") for visit in visits for step in visit.samples)
    grown = now - before
    summary = (
        f"sessions has {grown:,} rows more; {len(tokens):,} sessions were begun, {ended:,} ended"
    )
    if len(tokens) - ended <= grown <= log_ins:
        return Finding(bool(tokens), f"{summary}.")
    return Finding(False, f"{summary}. Each that goes on needs its row there.")


def two_sessions(people: Iterable[Person], site: Site) -> Finding:
    """Two log-ins of one customer are two sessions, and log-out ends only the one it came from."""
    count = 0
    for person in people:
        count += 1
        if problem := _problem_of_two(person, site):
            return Finding(
                False, f"{person.name} (customer {person.id}) logged in twice at once: {problem}."
            )
    return Finding(
        count > 0, f"{count} customers had two sessions each, and log-out ended one of them."
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


def sessions_after_restart(visits: Sequence[LogInVisit], site: Site) -> Finding:
    """Sessions are the same after a restart: those that went on, and those that were ended.

    A token that several log-ins were given may go on for one of them when another has logged out:
    that is for `two_sessions` to say.
    """
    alive, ended = list[tuple[str, Person]](), list[str]()
    given = Counter(token for visit in visits for token in visit.tokens())
    for visit in visits:
        if visit.about.person is None or not (tokens := visit.tokens()):
            continue
        if not visit.logged_out():
            alive.append((tokens[-1], visit.about.person))
        elif (last := visit.samples.get("me, logged out")) is not None and last.status == 401:
            ended += [token for token in tokens[-1:] if given[token] == 1]
    alive, ended = alive[:: max(1, len(alive) // READ_AGAIN)], ended[:READ_AGAIN]
    forgotten = sum(not Browser(site, token).is_known_as(person) for token, person in alive)
    valid_again = sum(not Browser(site, token).is_stranger() for token in ended)
    problems = []
    if forgotten:
        problems.append(f"{forgotten} of {len(alive)} sessions {_was(forgotten)} forgotten")
    if valid_again:
        sessions = f"{valid_again} of {len(ended)} ended sessions"
        problems.append(f"{sessions} {_was(valid_again)} valid again")
    if problems:
        return Finding(
            False,
            f"{' and '.join(problems)} after the restart of the app. What is only in its memory is"
            " lost.",
        )
    return Finding(
        bool(alive and ended),
        f"After a restart {len(alive)} sessions went on, and {len(ended)} that had been ended were"
        " still over.",
    )


def _was(count: int) -> str:
    return "was" if count == 1 else "were"
