"""What the board of `dojo up` shows: the load's figures by kata, and the site's own."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import httpx

from dojo.cli.measured_load import LoadMoment, MeasuredLoad
from dojo.kata.exposition import Exposition
from dojo.kata.finder import OpenKata
from dojo.output.figures import seconds
from dojo.output.html.board_state import (
    Board,
    BoardBin,
    BoardKata,
    BoardObjective,
    BoardRun,
    BoardVerdict,
)
from dojo.site.run_state import Phase, RunState
from dojo.slo.history import BIN_S, KEPT_S, Bin
from dojo.slo.sequential import LOOKS
from dojo.slo.window import ObjectiveStatus

__all__ = ["SiteFigures", "board_run", "look", "verdict_of", "without_app"]

LAG = "shop_event_loop_lag_seconds"
SCRAPE_TIMEOUT_S = 0.5
JUDGES_AFTER_S = 2.0  # a burst says twice a second how far it is
STATEMENTS_S = 60.0  # of the last minute
NO_APP = (
    "The app has ended or can't start; the terminal says why. The shop is down until app/ changes."
)
PHASES: dict[Phase, str] = {
    "waits": "waits until nobody else measures",
    "starts": "starts Postgres and a shop of its own",
    "ended": "has ended",
    "broken_off": "was broken off",
}


class SiteFigures:
    """The app's own figures, from its /metrics; the lag is of the time between two readings."""

    def __init__(self, base_url: str) -> None:
        self._http = httpx.Client(base_url=base_url, timeout=SCRAPE_TIMEOUT_S, trust_env=False)
        self._lag = (0.0, 0.0)  # sum and count
        self.last: tuple[tuple[str, str], ...] = ()  # as read

    def read(self) -> tuple[tuple[str, str], ...]:
        """(name, figure) of each."""
        self.last = self._read()
        return self.last

    def _read(self) -> tuple[tuple[str, str], ...]:
        try:
            answer = self._http.get("/metrics")
            metrics = Exposition.parse(answer.text) if answer.status_code == 200 else None
        except (httpx.HTTPError, ValueError):
            metrics = None
        if metrics is None:
            return (("the app's own figures", "no answer"),)
        earlier, self._lag = (
            self._lag,
            (metrics.total(f"{LAG}_sum"), metrics.total(f"{LAG}_count")),
        )
        count = self._lag[1] - earlier[1]
        lag_s = (self._lag[0] - earlier[0]) / count if count > 0 else None
        return (
            ("requests in the app", f"{metrics.total('http_server_active_requests'):,.0f}"),
            ("connections in the pool", f"{metrics.total('db_client_connection_count'):,.0f}"),
            (
                "requests that wait for one",
                f"{metrics.total('db_client_connection_pending_requests'):,.0f}",
            ),
            ("event loop late by", seconds(lag_s)),
        )

    def close(self) -> None:
        """Free the connection."""
        self._http.close()


def look(
    load: MeasuredLoad,
    katas: Sequence[OpenKata],
    shop_url: str,
    site_figures: tuple[tuple[str, str], ...],
    last_runs: Sequence[BoardVerdict] = (),
) -> Board:
    """The board of now, with the shop's own figures."""
    moment = load.moment()
    statuses = {status.objective.name: status for status in moment.figures.statuses}
    return Board(
        shop_url=shop_url,
        now_s=moment.figures.now_s,
        bin_s=BIN_S,
        kept_s=KEPT_S,
        katas=tuple(_kata(each, statuses, moment) for each in katas),
        figures=site_figures,
        remark=moment.figures.remark,
        restarts_s=moment.restarts_s,
        pauses_s=moment.pauses_s,
        last_runs=tuple(last_runs),
    )


def without_app(board: Board) -> Board:
    """The board of a shop whose app has ended, or could not start."""
    return replace(board, remark=" ".join(filter(None, (NO_APP, board.remark))))


def board_run(states: Sequence[RunState], silent_s: float, *, is_down: bool = False) -> BoardRun:
    """How far the run is that measures now, `silent_s` after it has said so.

    `is_down`: the app could not start after the last run.
    """
    if not states:  # the last one has ended
        then = "the app can't start; the terminal says why" if is_down else "the shop starts again"
        return BoardRun("", f"has ended; {then}", 0.0, 0.0, 0, 0, 0, 0)
    run = states[0]
    if run.phase == "burst":
        is_quiet = silent_s > JUDGES_AFTER_S
        words = "is judged and checked" if is_quiet else f"burst {run.look} of at most {LOOKS}"
    else:
        words = PHASES[run.phase]
    done = (run.sent, run.done, run.bad)
    return BoardRun(run.kata, words, run.t_s, run.burst_s, *done, len(states) - 1)


def verdict_of(run: RunState, reports: Path) -> BoardVerdict:
    """What came of a run that has ended; a link only to a report that is among `reports`."""
    page = Path(run.page) if run.page else None
    is_own = page is not None and page.parent.parent == reports
    return BoardVerdict(
        run.kata,
        run.verdict or "broken_off",
        run.summary or "The run was broken off.",
        f"reports/{page.parent.name}/{page.name}" if page is not None and is_own else "",
        is_elsewhere=page is not None and not is_own,
    )


def _kata(kata: OpenKata, statuses: dict[str, ObjectiveStatus], moment: LoadMoment) -> BoardKata:
    level = kata.level
    return BoardKata(
        kata=kata.kata.folder.name,
        title=level.title,
        objectives=tuple(_objective(statuses[each.name]) for each in level.objectives),
        bins=tuple(
            _bin(each, level.journey, [o.name for o in level.objectives]) for each in moment.bins
        ),
        edges_s=moment.edges_s,
        figures=_figures(level.journey, moment),
    )


def _figures(journey: str, moment: LoadMoment) -> tuple[tuple[str, str], ...]:
    """What one journey costs, and who waits for its end now."""
    since_s = moment.figures.now_s - STATEMENTS_S
    counts = [
        bin_.statements[journey]
        for bin_ in moment.bins
        if bin_.start_s + BIN_S > since_s and journey in bin_.statements
    ]
    sent, answered = sum(each[0] for each in counts), sum(each[1] for each in counts)
    waiting_s = moment.waiting_s.get(journey, [])
    return (
        ("SQL statements each", f"{sent / answered:,.1f}" if answered else "not known yet"),
        ("under way now", f"{len(waiting_s):,}"),
        ("longest wait", seconds(max(waiting_s)) if waiting_s else "none"),
    )


def _objective(status: ObjectiveStatus) -> BoardObjective:
    objective = status.objective
    return BoardObjective(
        name=objective.display_name,
        target=objective.target,
        threshold_s=objective.threshold_s,
        call=status.call,
        good=status.window.good,
        total=status.window.total,
        good_since_start=status.whole.good,
        total_since_start=status.whole.total,
    )


def _bin(bin_: Bin, journey: str, objectives: Sequence[str]) -> BoardBin:
    return BoardBin(
        start_s=bin_.start_s,
        ended=dict(bin_.ended.get(journey, Counter())),
        times=dict(bin_.times.get(journey, Counter())),
        shares=[bin_.shares.get(name) for name in objectives],
    )
