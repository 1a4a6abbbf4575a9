"""The checks of accounts, sessions and tokens, on what visitors did in the bursts."""

from collections.abc import Callable, Sequence

from dojo import Evidence, Finding
from katas.shop.checks import accounts, sessions, tokens
from katas.shop.checks.writes import bought
from katas.shop.expected.log_ins import LogInVisit, is_let_in, log_in_visits
from katas.shop.scenarios.people import Visitors

__all__ = [
    *("bad_input_refused", "credentials_kept", "log_ins_right", "refusals_alike"),
    *("sessions_after_restart", "sessions_kept", "tokens_unguessable", "two_sessions"),
    "wrong_refused",
]


def log_ins_right(evidence: Evidence) -> Finding | None:
    """See sessions.log_ins_right."""
    return _if_let_in(evidence, lambda visits: sessions.log_ins_right(visits, evidence.wrong))


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
    """See accounts.credentials_kept."""

    def run(evidence: Evidence) -> Finding:
        newcomers = {
            purchase["customer"]["email"]: purchase["customer"]["password"]
            for purchase in bought(evidence.burst)
        }
        visits = log_in_visits(evidence.burst)
        return accounts.credentials_kept(visits, who.beforehand, newcomers, evidence.site)

    return run


def sessions_after_restart(evidence: Evidence) -> Finding:
    """See sessions.sessions_after_restart."""
    return sessions.sessions_after_restart(log_in_visits(evidence.burst), evidence.site)


def two_sessions(who: Visitors) -> Callable[[Evidence], Finding]:
    """See sessions.two_sessions: for one customer of each kind."""
    return lambda evidence: sessions.two_sessions(
        (who.beforehand[0], who.people.shared[0], who.people.mixed_case[0]), evidence.site
    )


def wrong_refused(who: Visitors) -> Callable[[Evidence], Finding]:
    """See accounts.wrong_refused."""
    return lambda evidence: accounts.wrong_refused(who.people, evidence.site)


def bad_input_refused(who: Visitors) -> Callable[[Evidence], Finding]:
    """See accounts.bad_input_refused."""
    return lambda evidence: accounts.bad_input_refused(who.beforehand[0], evidence.site)


def _if_let_in(
    evidence: Evidence, judge: Callable[[Sequence[LogInVisit]], Finding]
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
    if not let_in:
        return None
    return evidence.weighed(
        judge(visits), let_in, evidence.burst.plan.count(evidence.burst.journey)
    )
