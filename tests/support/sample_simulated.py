"""Reports of a simulated kata, one of each outcome, for tests of what is printed of them."""

from dataclasses import replace

from dojo.report import CheckResult
from dojo.sections import Code, Column, Drawing, Paragraph, Picture, Section, Table, shape
from dojo.simulated_report import MeasureResult, Refusal, SimulatedReport
from dojo.slo.measures import Measure, checks_hold, judge_measure, overall, red_from, slo_verdict

__all__ = ["EVIL", "MET", "NOT_MET", "REFUSED", "SIMULATED_OUTCOMES", "UNCHECKED", "UNDECIDED"]

EVIL = "</title><script>alert(1)</script>\x1b[31m"
PICTURE = Picture(
    "The year",
    f"bad minutes {EVIL}",
    Drawing(680, 40, [shape("g", "", shape("rect", x=1, width=2.5, class_="wash", title=EVIL))]),
    Drawing(340, 40, [shape("text", EVIL, x=3, y=4)]),
    "Each mark is a page.",
    ("▁▁▂█▁▁", "Jan    Dec"),
)
SECTIONS = (
    Section(
        "incidents",
        "What became of each incident",
        (
            Paragraph("Two of them were real."),
            Table(
                (Column("incident"), Column("budget", numeric=True), Column("why", page_only=True)),
                [("outage of 12 minutes", "11%", EVIL), ("deploy", "1.5%", "two bad minutes")] * 8,
                marks=("good", "bad") * 8,
            ),
            PICTURE,
            Code("sum(rate(bad[1h]))\n  and up", "PromQL", in_terminal=True),
            Code("on the page alone"),
        ),
        lead="Real is what takes 5% of the budget.",
        aside=("A page is right if an incident is under way.",),
    ),
)


def _measure(name: str, good: int, total: int, target: float, detail: str = "") -> MeasureResult:
    result = judge_measure(name, target, Measure(good, total), 2)
    display_name = f"{name}: {target * 100:g}%"
    red = red_from(Measure(good, total), target, 2)
    return MeasureResult(result, display_name, "right pages", "all pages", detail, red)


def _report(
    measures: tuple[MeasureResult, ...], passed: bool | None = True, number: int = 3
) -> SimulatedReport:
    checks = (CheckResult("dates_unknown", passed, "No date is in the file; none may be."),)
    slo = slo_verdict([measure.objective for measure in measures])
    return SimulatedReport(
        kata="04-alerts",
        title="The pager rang 130 times",
        event="alerts",
        description="Twenty simulated years.",
        verdict=overall(slo, checks),
        slo=slo,
        checks_hold=checks_hold(checks),
        started_at="2026-05-04T03:02:01+00:00",
        number=number,
        seed=4711,
        measures=measures,
        checks=checks,
        sections=SECTIONS,
        facts={"incidents": [{"name": "outage"}]},
        timings_s={"postgres": 0.9, "draw": 1.4, "fill": 0.6, "judge": 0.5, "total": 3.5},
        next_steps=("Edit app/, then: ./run pytest katas/04-alerts",),
    )


GOOD = _measure("recall", 380, 380, 0.95)
MET = _report((_measure("precision", 209, 209, 0.9), GOOD))
NOT_MET = _report((_measure("precision", 80, 209, 0.9, "129 pages were for none."), GOOD))
UNDECIDED = _report((_measure("precision", 190, 209, 0.9), GOOD))
BROKEN = _report((_measure("precision", 209, 209, 0.9), GOOD), passed=False)
UNCHECKED = _report((_measure("precision", 209, 209, 0.9), GOOD), passed=None)
REFUSED = replace(
    NOT_MET,
    measures=(),
    checks=(),
    sections=(),
    checks_hold=None,
    refusal=Refusal(
        "app/ops/alerts.yaml",
        f"value must be a number, not {EVIL}",
        12,
        9,
        f"  value: {EVIL}",
        "app/ops/alerts.yaml:12:9",
    ),
)
SIMULATED_OUTCOMES = {
    "met": MET,
    "not met": NOT_MET,
    "undecided": UNDECIDED,
    "check failed": BROKEN,
    "not checked": UNCHECKED,
    "refused": REFUSED,
}
