"""What the report shows: who sent what; of one year its picture and its incidents; the rules.

Pure: from values to the report's sections.
"""

from collections.abc import Iterator, Sequence

from dojo import AlertPolicy, Code, Column, Paragraph, Section, Table, shop_alert_rules
from katas.alerts.calendar import date_text, time_text
from katas.alerts.explain import duration, share_text, what_happened
from katas.alerts.measures import FAST_SHARE, QUIET_MIN, SLOW_SHARE
from katas.alerts.outcomes import IncidentOutcome, YearOutcome
from katas.alerts.picture import Story, budget_left, picture
from katas.alerts.unwanted import missed_by_kind, wrong_pages, wrong_tickets
from katas.alerts.years import Year

__all__ = ["sections"]


def sections(
    policies: Sequence[AlertPolicy],
    years: Sequence[Year],
    outcomes: Sequence[YearOutcome],
    month: str,
) -> list[Section]:
    """The sections of the report; the first year is shown; `month`: a sentence about all."""
    year, outcome = years[0], outcomes[0]
    stories = [
        what_happened(each, policies, year, _first_policy(outcome, place))
        for place, each in enumerate(outcome.incidents)
    ]
    return [
        Section(
            "policies",
            "What each policy sent, in all the years",
            [Paragraph(month), _sent_by(policies, outcomes)],
            lead=(
                "Each ring and each ticket is counted. A page is right if it is about a fast"
                " incident, a ticket if it is about any incident that matters."
            ),
        ),
        Section(
            "year",
            "One of the years",
            [picture(Story(policies, year, outcome, stories)), *_overspent(year)],
            lead="The first of the twenty; it is the one that ./run dojo sql shows.",
        ),
        Section(
            "unwanted",
            "What should not have been, in all the years",
            [
                *missed_by_kind(policies, years, outcomes),
                *wrong_pages(policies, years, outcomes),
                *wrong_tickets(policies, years, outcomes),
            ]
            or [Paragraph("Nothing: no incident was missed, and no page or ticket was wrong.")],
        ),
        Section(
            "incidents",
            "What became of each incident that mattered",
            [_incidents(outcome)],
            lead=(
                "In the year that is shown. Cost: the share of the budget that it took. Page,"
                " ticket: how long after its beginning. By then: what it had taken when it was"
                " paged (one that lasts for days wants a ticket: when anybody heard). Quiet: how"
                " long after its end the pages were over. ✓ within the objectives, ≈ late, too"
                " long, or a page where a ticket is enough, ✗ missed."
            ),
        ),
        Section(
            "rules",
            "The same policies for Prometheus",
            [Code(shop_alert_rules(policies))],
            lead="As ./run dojo export writes them to grafana/rules/shop.yml.",
        ),
    ]


def _overspent(year: Year) -> Iterator[Paragraph]:
    """What alerts can't mend, where the budget of some 28 days was not enough."""
    if float(budget_left(year).min()) < 0:
        yield Paragraph(
            "Below 0% the shop breaks its SLO, however good its alerts are: these incidents are the"
            " same under every policy. Fewer of them, or shorter ones, are work for those who build"
            " and run the shop. Alerts only say when to get up."
        )


def _first_policy(outcome: YearOutcome, place: int) -> int | None:
    policies = outcome.alerts.policies[outcome.alerts.about == place]
    return int(policies[0]) if len(policies) else None


def _sent_by(policies: Sequence[AlertPolicy], outcomes: Sequence[YearOutcome]) -> Table:
    columns = [
        *(Column("policy"), Column("severity")),
        *(Column(title, numeric=True) for title in ("right", "wrong", "wrong at night")),
    ]
    rows = []
    for place, policy in enumerate(policies):
        right = wrong = wrong_at_night = 0
        for alerts in (each.alerts for each in outcomes):
            own = alerts.policies == place
            right += int((own & alerts.right).sum())
            wrong += int((own & ~alerts.right).sum())
            wrong_at_night += int((own & ~alerts.right & alerts.at_night).sum())
        severity = f"{policy.severity}: {'pages' if policy.pages else 'tickets'}"
        nights = f"{wrong_at_night:,}" if policy.pages else "-"  # a ticket wakes nobody
        rows.append([policy.name, severity, f"{right:,}", f"{wrong:,}", nights])
    return Table(columns, rows)


def _incidents(outcome: YearOutcome) -> Table:
    columns = [
        *(Column("began"), Column("at", page_only=True), Column("incident")),
        *(Column("pace", page_only=True), Column("wants", page_only=True)),
        Column("lasted", numeric=True),
        Column("cost", numeric=True),
        *(Column("page", numeric=True), Column("ticket", numeric=True)),
        *(Column("by then", numeric=True), Column("quiet", numeric=True)),
    ]
    rows = [_row(each) for each in outcome.incidents]
    return Table(columns, rows, most_in_terminal=20, marks=list(map(_mark, outcome.incidents)))


def _row(outcome: IncidentOutcome) -> list[str]:
    incident = outcome.incident

    def after(minute: int | None) -> str:
        return "-" if minute is None else duration(minute + 1 - incident.start)

    fast = incident.kind.pace == "fast"
    by_then, limit = (
        (outcome.share_when_paged, FAST_SHARE) if fast else (outcome.share_when_told, SLOW_SHARE)
    )
    return [
        date_text(incident.start),
        time_text(incident.start),
        incident.kind.name,
        incident.kind.pace,
        "page" if fast else "ticket",
        duration(incident.end - incident.start),
        share_text(outcome.share),
        after(outcome.first_page),
        after(outcome.first_ticket),
        share_text(by_then, limit),
        "-" if outcome.quiet_min is None else duration(outcome.quiet_min),
    ]


def _mark(outcome: IncidentOutcome) -> str:
    """Good: heard of in time and quiet in time; bad: never heard of; doubt: neither."""
    if outcome.incident.kind.pace == "slow":
        share = outcome.share_when_told
        in_time = share is not None and share < SLOW_SHARE and outcome.first_page is None
        return "bad" if share is None else "good" if in_time else "doubt"
    share = outcome.share_when_paged
    if share is None:
        return "bad"
    in_time = share < FAST_SHARE and (outcome.quiet_min or 0) <= QUIET_MIN
    return "good" if in_time else "doubt"
