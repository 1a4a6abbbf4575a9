"""The report in the terminal: evidence first, then what to do next. It never names a fix."""

import io
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from dojo.output.charts import bar, bars, timeline
from dojo.output.figures import percent, pool_at_end, seconds
from dojo.output.screen import head, safe
from dojo.output.terminal.bad_events import print_bad_events
from dojo.output.terminal.step_table import print_steps
from dojo.report import ObjectiveResult, Report

__all__ = ["render", "summary_table"]

VERDICTS = {"met": "MET", "not_met": "NOT MET", "invalid": "INVALID RUN"}
STYLES = {"met": "bold green", "not_met": "bold red", "invalid": "bold yellow"}
PLOT_HEIGHT = 7


def render(report: Report, width: int, color: bool) -> str:
    """The whole report as text for a terminal of that width, with or without colors."""
    target = io.StringIO()
    console = Console(
        file=target,
        width=max(60, width),
        force_terminal=color,
        no_color=not color,
        color_system="standard" if color else None,
        highlight=False,
        markup=False,
        emoji=False,
    )
    console.print()
    _headline(console, report)
    if report.verdict == "invalid":
        for reason in report.invalid_because:
            console.print(Text(f"  This says nothing about the app: {reason}.", style="yellow"))
    _objectives(console, report)
    _latency(console, report)
    _histogram(console, report)
    print_steps(console, report.steps)
    _timeline(console, report)
    print_bad_events(console, report)
    _where(console, report)
    _checks(console, report)
    _changes(console, report)
    _feet(console, report)
    return target.getvalue()


def _headline(console: Console, report: Report) -> None:
    style = STYLES[report.verdict]
    console.rule(style=style, characters="━")
    line = Text(f" {VERDICTS[report.verdict]} ", style=f"{style} reverse")
    line.append(f"  {report.title}", style="bold")
    line.append(f"  ({report.kata}, attempt {report.number})", style="dim")
    console.print(line)
    total = max((objective.total for objective in report.objectives), default=0)
    told = f"{total:,} {report.event} at {report.rate_per_s:g} a second"
    if report.burst_s < report.planned_s - 0.01:
        told += (
            f", stopped after {report.burst_s:.1f} of {report.planned_s:g} s:"
            " the verdict was certain"
        )
    else:
        told += f" for {report.planned_s:g} s"
    console.print(Text(told, style="dim"))


def _objectives(console: Console, report: Report) -> None:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", show_edge=False)
    for name, justify in (
        ("objective", "left"),
        ("SLI", "right"),
        ("good / total", "right"),
        ("budget", "right"),
        ("spent", "right"),
        ("burn rate", "right"),
        ("", "left"),
    ):
        table.add_column(name, justify=justify, no_wrap=name != "objective")  # type: ignore[arg-type]
    for one in report.objectives:
        table.add_row(
            one.name,
            Text(percent(one.sli, one.target), style="bold"),
            f"{one.good:,} / {one.total:,}",
            f"{one.budget:,.1f}",
            f"{one.bad:,}",
            f"{one.burn_rate:,.1f}x",
            _verdict_of(one),
        )
    console.print()
    console.print(table)
    console.print(
        Text(
            "SLI = good / total of all that were scheduled; good = the right answer, in time,"
            " counted from the intended moment. Budget and spent are bad events.",
            style="dim",
        )
    )


def _verdict_of(one: ObjectiveResult) -> Text:
    if one.verdict == "inconclusive":
        low, high = one.interval
        return Text(f"within noise of the target ({percent(low)} to {percent(high)})", "yellow")
    return Text("met", "green") if one.verdict == "met" else Text("missed", "bold red")


def _latency(console: Console, report: Report) -> None:
    p = report.latency_s
    if p is None:
        nobody = (
            "Nobody came to the end of the journey." if report.steps else "Nobody got an answer."
        )
        head(console, nobody)
    else:
        head(console, "How long it took")
        line = f"  p50 {seconds(p.p50)}   p95 {seconds(p.p95)}   p99 {seconds(p.p99)}"
        console.print(f"{line}   max {seconds(p.max)}")
    if report.service_time_s is None:
        return
    alone = seconds(report.service_time_s)
    if report.steps:
        told = f"A single {report.steps[0].name} takes {alone} with nobody else on the site."
    else:
        told = f"With nobody else on the site one takes {alone}"
        told += f"; in this burst half of them took longer than {seconds(p.p50)}." if p else "."
    console.print(Text(f"  {told}", style="dim"))


def _histogram(console: Console, report: Report) -> None:
    thresholds = [o.threshold_s for o in report.objectives if o.threshold_s is not None]
    lines = bars(report.points, thresholds)
    unanswered = sum(point.latency_s is None for point in report.points)
    most = max([line.count for line in lines] + [unanswered], default=0)
    if not most:
        return
    console.print()
    room = console.width - 30
    tightest = min(thresholds, default=0.0)
    for line in lines:
        style = "green" if line.upto_s <= tightest else "red"
        edge = "longer" if line.upto_s == float("inf") else f"≤ {seconds(line.upto_s)}"
        row = Text(f"  {edge:>10} │")
        row.append(bar(line.count / most, room), style=style)
        row.append(f" {line.count:,}" if line.count else "", style="dim")
        console.print(row)
        if line.upto_s in thresholds:
            mark = f"  {'':>10} ├{'╌' * (room - 18)} threshold {seconds(line.upto_s)}"
            console.print(Text(mark, style="cyan"))
    if unanswered:
        row = Text(f"  {'failed':>10} │")
        row.append(bar(unanswered / most, room), style="red")
        row.append(f" {unanswered:,}", style="dim")
        console.print(row)


def _timeline(console: Console, report: Report) -> None:
    thresholds = [o.threshold_s for o in report.objectives if o.threshold_s is not None]
    if not thresholds or len(report.points) < 2:
        return
    head(console, "Over the burst: the slowest answer of each moment (↑ failed, or never came)")
    width = min(100, console.width - 14)
    tightest = min(thresholds)
    for row in timeline(report.points, report.burst_s, tightest, width, PLOT_HEIGHT):
        console.print(Text(f"  {row}"), overflow="crop", no_wrap=True)
    end = f"{report.burst_s:.1f} s"
    console.print(Text(f"  {'':>7} └0 s{'─' * max(0, width - 3 - len(end))}{end}", style="dim"))


def _where(console: Console, report: Report) -> None:
    where = report.where
    head(console, "Where the time went")
    if where.statements_per_event is not None and where.round_trip_ms is not None:
        waited = where.statements_per_event * where.round_trip_ms
        console.print(
            f"  {where.statements_per_event:,.1f} statements for each answer; at a round trip of"
            f" {where.round_trip_ms:g} ms that is {waited:,.0f} ms on the way."
        )
    told = []
    if where.connections_opened is not None:
        told.append(f"{where.connections_opened:,} connections to Postgres were opened")
    if where.pool_waits is not None and where.pool_wait_ms is not None:
        each = where.pool_wait_ms / where.pool_waits if where.pool_waits else 0.0
        told.append(
            f"{where.pool_waits:,} requests waited for a pooled one, {each:,.0f} ms on average"
        )
    if told:
        console.print(f"  {'; '.join(told)}.")
    if at_end := pool_at_end(where):
        console.print(f"  {at_end}")
    if where.statements:
        console.print(Text(f"  {'calls':>7}{'total':>10}{'mean':>11}  statement", style="dim"))
    for cost in where.statements:
        figures = f"  {cost.calls:>7,}{seconds(cost.total_ms / 1000):>10}{cost.mean_ms:>8,.2f} ms"
        room = console.width - len(figures) - 3
        text = safe(cost.text)
        shown = text if len(text) <= room else f"{text[: room - 1]}…"
        console.print(Text(f"{figures}  {shown}"), no_wrap=True, overflow="crop")


def _checks(console: Console, report: Report) -> None:
    if not report.checks:
        return
    passed = [check.name for check in report.checks if check.passed]
    failed = [check for check in report.checks if not check.passed]
    head(console, "Does the site still do its job?")
    if passed:
        console.print(Text(f"  ✓ {', '.join(passed)}", style="green"))
    for check in failed:
        console.print(Text(f"  ✗ {check.name}: {safe(check.detail)}", style="red"))


def _changes(console: Console, report: Report) -> None:
    before = report.previous
    if before is None:
        return
    head(console, f"Since attempt {before.number}")
    for one in report.objectives:
        if one.name in before.slis:
            then = before.slis[one.name]
            console.print(f"  {one.name}: {percent(then)} → {percent(one.sli)}")
    if before.latency_s is not None and report.latency_s is not None:
        console.print(
            f"  p50 {seconds(before.latency_s.p50)} → {seconds(report.latency_s.p50)},"
            f" p95 {seconds(before.latency_s.p95)} → {seconds(report.latency_s.p95)}"
        )
    then_count, now_count = before.statements_per_event, report.where.statements_per_event
    if then_count is not None and now_count is not None:
        console.print(f"  statements for each answer {then_count:,.1f} → {now_count:,.1f}")


def _feet(console: Console, report: Report) -> None:
    console.print()
    spent = ", ".join(f"{name} {value:.1f}" for name, value in report.timings_s.items())
    told = report.environment
    late = report.lateness
    lines = [
        f"seconds: {spent}",
        f"Postgres {told.get('postgres')} ({told.get('provider')}), Python {told.get('python')},"
        f" {told.get('cpus')} CPUs; repeat this load with --plan-seed {report.plan_seed}",
    ]
    if late is not None:
        lines.append(
            f"generator: p99 {late.p99 * 1000:.1f} ms late, at most {late.max * 1000:.1f} ms"
        )
    for line in lines:
        console.print(Text(line, style="dim"))
    for step in report.next_steps:
        console.print(Text(f"→ {step}", style="bold"))


def summary_table(reports: Sequence[Report], width: int, color: bool) -> str:
    """One line for each kata of a session."""
    target = io.StringIO()
    console = Console(file=target, width=width, force_terminal=color, no_color=not color)
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for name in ("kata", "verdict", "worst objective", "budget spent", "time"):
        table.add_column(name)
    for report in reports:
        worst = max(report.objectives, key=lambda o: o.burn_rate, default=None)
        table.add_row(
            report.kata,
            Text(VERDICTS[report.verdict], style=STYLES[report.verdict]),
            Text(worst.name if worst else "-"),
            f"{worst.burn_rate:.1f}x" if worst else "-",
            f"{report.timings_s.get('total', 0):.1f} s",
        )
    console.print(table)
    return target.getvalue()
