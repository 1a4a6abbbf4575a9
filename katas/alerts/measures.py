"""The SLIs of alerting, counted over some years (Site Reliability Workbook, chapter 5). Pure.

Each is a ratio of good events to all events; their targets stand in the kata's slo.yaml.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from katas.alerts.outcomes import NOTHING, YearOutcome
from katas.alerts.traffic import YEAR_DAYS

__all__ = [
    *("FAST_SHARE", "MEASURES", "QUIET_MIN", "SENT", "SLOW_SHARE", "Count", "tally"),
]

FAST_SHARE, SLOW_SHARE = 0.15, 0.20  # of the budget, gone when somebody is told
QUIET_MIN = 90
SENT = ("precision", "tickets")  # measures of what was sent: a bad one is one more

Count = Counter[str]  # "good", "total", and why others are bad


def tally(years: Iterable[YearOutcome]) -> dict[str, Count]:
    """Each measure's count over the years, by the measure's name."""
    counts = {name: Count() for name in MEASURES}
    for year in years:
        for name, count in MEASURES.items():
            counts[name].update(count(year))
    return counts


def _precision(year: YearOutcome) -> Count:
    """A fast incident that was paged is one right page; pages for anything else are wrong."""
    right = sum(each.first_page is not None for each in year.of_pace("fast"))
    about = year.alerts.about[year.alerts.pages & ~year.alerts.right]
    slow = int((about != NOTHING).sum())
    return _count(right, right + len(about), {"slow": slow, "none": len(about) - slow})


def _recall(year: YearOutcome) -> Count:
    fast, slow = year.of_pace("fast"), year.of_pace("slow")
    paged = sum(each.first_page is not None for each in fast)
    heard = sum(each.share_when_told is not None for each in slow)
    missed = {"fast": len(fast) - paged, "slow": len(slow) - heard}
    return _count(paged + heard, len(fast) + len(slow), missed)


def _tickets(year: YearOutcome) -> Count:
    right = year.alerts.right[~year.alerts.pages]
    return _count(int(right.sum()), len(right))


def _detection_fast(year: YearOutcome) -> Count:
    return _told_before(FAST_SHARE, [each.share_when_paged for each in year.of_pace("fast")])


def _detection_slow(year: YearOutcome) -> Count:
    return _told_before(SLOW_SHARE, [each.share_when_told for each in year.of_pace("slow")])


def _reset(year: YearOutcome) -> Count:
    times = [each.quiet_min for each in year.of_pace("fast") if each.quiet_min is not None]
    return _count(sum(time <= QUIET_MIN for time in times), len(times))


def _nights(year: YearOutcome) -> Count:
    """Nights without a needless page; each needless page spoils one."""
    alerts = year.alerts
    needless = int((alerts.pages & ~alerts.right & alerts.at_night).sum())
    return _count(max(0, YEAR_DAYS - needless), YEAR_DAYS, {"pages": needless})


def _told_before(limit: float, shares: Sequence[float | None]) -> Count:
    in_time = sum(share is not None and share < limit for share in shares)
    never = sum(share is None for share in shares)
    return _count(in_time, len(shares), {"never": never, "late": len(shares) - in_time - never})


def _count(good: int, total: int, reasons: Mapping[str, int] | None = None) -> Count:
    return Count({"good": good, "total": total, **(reasons or {})})


MEASURES: Mapping[str, Callable[[YearOutcome], Count]] = {
    "precision": _precision,
    "recall": _recall,
    "tickets": _tickets,
    "detection-fast": _detection_fast,
    "detection-slow": _detection_slow,
    "reset": _reset,
    "nights": _nights,
}
