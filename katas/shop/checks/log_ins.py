"""The checks of accounts, sessions and tokens, on what visitors did in the bursts."""

from collections.abc import Callable, Sequence

from dojo import Check, Evidence, Finding
from katas.shop.checks import account_changes, accounts, connections, credentials, sessions, tokens
from katas.shop.checks.session_lives import SessionLives
from katas.shop.checks.writes import bought
from katas.shop.expected.log_ins import LogInVisit, is_let_in, log_in_visits
from katas.shop.scenarios.people import Person, Visitors

__all__ = [
    "SessionLives",
    "after_the_load",
    "credentials_kept",
    "goes_on_answering",
    "let_in_as_themselves",
    "refusals_alike",
    "sessions_go_on",
    "sessions_kept",
    "tokens_unguessable",
]


def let_in_as_themselves(evidence: Evidence) -> Finding | None:
    """See sessions.let_in_as_themselves."""
    return _if_let_in(
        evidence, lambda visits: sessions.let_in_as_themselves(visits, evidence.wrong)
    )


def refusals_alike(evidence: Evidence) -> Finding | None:
    """See accounts.refusals_alike."""
    return _if_let_in(evidence, accounts.refusals_alike)


def tokens_unguessable(evidence: Evidence) -> Finding | None:
    """See tokens.tokens_unguessable."""
    return _if_let_in(evidence, tokens.tokens_unguessable)


def sessions_kept(evidence: Evidence) -> Finding | None:
    """See sessions.sessions_kept."""
    before, now = evidence.rows_before["sessions"], sessions.count_sessions(evidence.site)
    return _if_let_in(evidence, lambda visits: sessions.sessions_kept(visits, before, now))


def credentials_kept(who: Visitors) -> Callable[[Evidence], Finding]:
    """See credentials.credentials_kept."""

    def run(evidence: Evidence) -> Finding:
        newcomers = {
            purchase["customer"]["email"]: purchase["customer"]["password"]
            for purchase in bought(evidence.burst)
        }
        visits = log_in_visits(evidence.burst)
        return credentials.credentials_kept(visits, who.beforehand, newcomers, evidence.site)

    return run


def sessions_go_on(lives: SessionLives) -> Callable[[Evidence], Finding | None]:
    """See SessionLives.go_on. A site that nobody gets into any more is not asked."""

    def run(evidence: Evidence) -> Finding | None:
        if evidence.stopped_early:
            return None
        return _if_let_in(
            evidence, lambda visits: lives.go_on(visits, evidence.wrong, evidence.site)
        )

    return run


def after_the_load(who: Visitors, lives: SessionLives) -> tuple[Check, ...]:
    """What must hold for log-ins when the load is over, and after a restart, in this order."""

    def people() -> tuple[Person, ...]:  # one customer of each kind, known only after `prepare`
        return who.beforehand[0], who.people.shared[0], who.people.mixed_case[0]

    def new_password_counts(evidence: Evidence) -> Finding | None:
        if evidence.stopped_early:  # hardly anybody gets in any more
            return None
        return account_changes.new_password_counts(who.beforehand[-1], evidence.site)

    def survives_restart(evidence: Evidence) -> Finding | None:
        return lives.survive_restart(evidence.site)

    def two_sessions(evidence: Evidence) -> Finding:
        return sessions.two_sessions(log_in_visits(evidence.burst), people(), evidence.site)

    def log_in_renews_session(evidence: Evidence) -> Finding:
        person, another = who.beforehand[:2]
        return sessions.log_in_renews_session(person, another, evidence.site)

    def wrong_refused(evidence: Evidence) -> Finding:
        return accounts.wrong_refused(who.people, evidence.site)

    def bad_input_refused(evidence: Evidence) -> Finding:
        return accounts.bad_input_refused(who.beforehand[0], evidence.site)

    runs: tuple[Callable[[Evidence], Finding | None], ...] = (
        *(survives_restart, two_sessions, log_in_renews_session, wrong_refused),
        bad_input_refused,
    )
    return (
        Check("new_password_counts", new_password_counts),
        *(Check(run.__name__, run, after_restart=True) for run in runs),
    )


def goes_on_answering(who: Visitors) -> Check:
    """See connections.goes_on_answering. The last check: it may leave no connection."""

    def run(evidence: Evidence) -> Finding:
        person, another = who.beforehand[:2]
        return connections.goes_on_answering(person, another, evidence.site)

    return Check("goes_on_answering", run, after_restart=True)


def _if_let_in(
    evidence: Evidence, judge: Callable[[Sequence[LogInVisit]], Finding | None]
) -> Finding | None:
    """What the check finds; None if nobody got in, so that there is nothing to judge."""
    visits = log_in_visits(evidence.burst)
    log_ins = (
        sample
        for visit in visits
        for step, sample in visit.samples.items()
        if step.startswith("log in")
    )
    let_in = sum(map(is_let_in, log_ins))
    finding = judge(visits) if let_in else None
    if finding is None:
        return None
    return evidence.weighed(finding, let_in, evidence.burst.plan.count(evidence.burst.journey))
