"""The board of a site under load: a page that says of each objective whether it is met. Pure.

It draws what it is given: lines of the SLI, response times, and how journeys ended, in bins of some
seconds. The page keeps itself up to date by a script of its own, of a few lines; what it shows is
drawn here, so that it looks as the report does.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dojo.output.figures import percent, round_time
from dojo.output.html.page import environment, policy_hash, source
from dojo.output.html.plot_area import Area
from dojo.output.html.scale import Linear, number

__all__ = [
    *("Board", "BoardBin", "BoardKata", "BoardObjective", "BoardRun", "BoardVerdict"),
    *("draw", "draw_run", "page"),
]

CALLS = {
    "met": ("met", "✓ Met"),
    "not_met": ("not_met", "✗ Not met"),
    "undecided": ("undecided", "≈ Too close to call"),
    "too_few": ("undecided", "… Too few to say"),
    "no_events": ("quiet-tone", "Not run yet"),
}
OUTCOMES = {
    "met": ("met", "✓"),
    "not_met": ("not_met", "✗"),
    "undecided": ("undecided", "≈"),
    "invalid": ("undecided", "!"),
    "fault": ("not_met", "✗"),
    "broken_off": ("undecided", "…"),
}
COLORS = ("a", "b", "c")  # of the objectives' lines
BAD_TONES = {"too late": "late", "slow": "late", "timeout": "none"}
ROW = 13.0  # height of a row of response times
BARS = 78.0  # height of the bars
MOST_GAP_S = 15.0  # over a longer one, as of a pause, no line is drawn
SHADES = 6  # of the response times


@dataclass(frozen=True, slots=True)
class BoardObjective:
    """An objective in the last minute and since the start."""

    name: str  # the sentence: "95% of page loads within 100 ms"
    target: float
    threshold_s: float
    call: str  # one of CALLS
    good: int
    total: int
    good_since_start: int
    total_since_start: int

    @property
    def bad(self) -> int:
        return self.total - self.good

    @property
    def allowed(self) -> float:
        """The error budget of the last minute, in events."""
        return (1 - self.target) * self.total


@dataclass(frozen=True, slots=True)
class BoardBin:
    """Some seconds of one kata."""

    start_s: float
    ended: Mapping[str, int]  # how many ended how; "right" is in time
    times: Mapping[int, int]  # how many by the index of the upper edge of their response time
    shares: Sequence[float | None]  # good of the last minute, for each objective


@dataclass(frozen=True, slots=True)
class BoardKata:
    """A kata's objectives and its last minutes."""

    kata: str
    title: str
    objectives: tuple[BoardObjective, ...]
    bins: tuple[BoardBin, ...]
    edges_s: tuple[float, ...]
    figures: tuple[tuple[str, str], ...] = ()  # of its journeys: what it is, and how much


@dataclass(frozen=True, slots=True)
class BoardRun:
    """A kata's run for which the load pauses."""

    kata: str  # "" as long as it is not known
    words: str  # how far it is
    t_s: float  # since its burst began
    burst_s: float  # how long that may go on
    sent: int
    done: int
    bad: int
    queued: int  # more runs that wait for it


@dataclass(frozen=True, slots=True)
class BoardVerdict:
    """What came of a kata's run that has ended meanwhile."""

    kata: str
    verdict: str  # one of OUTCOMES
    summary: str
    href: str  # of its report, below the board's address; "" if that can't be served


@dataclass(frozen=True, slots=True)
class Board:
    """All that the page shows at one moment."""

    shop_url: str
    now_s: float  # since the load began
    bin_s: float
    kept_s: float
    katas: tuple[BoardKata, ...]
    figures: tuple[tuple[str, str], ...]  # of the site: what it is, and how much
    remark: str = ""
    restarts_s: tuple[float, ...] = ()  # when the app was started anew
    pauses_s: tuple[tuple[float, float], ...] = ()  # begin and end
    run: BoardRun | None = None  # the load pauses for it
    last_runs: tuple[BoardVerdict, ...] = ()


def page(board: Board) -> str:
    """The whole page as text: it needs no network but the board's own address."""
    sheet, script = source("style.css") + source("board.css"), source("board.js")
    return (
        environment()
        .get_template("board.html.jinja")
        .render(
            style=sheet,
            style_hash=policy_hash(sheet),
            script=script,
            script_hash=policy_hash(script),
            main=draw(board),
        )
    )


def draw(board: Board) -> str:
    """What is inside the page's `main`; nothing of it is markup that came from outside."""
    template = environment().get_template("board-main.html.jinja")
    return template.render(
        board=board,
        verdict=_verdict(board),
        run=draw_run(board),
        next_kata=_next_kata(board),
        katas=[(kata, _cards(kata), _Plots.of(board, kata)) for kata in board.katas],
    )


def draw_run(board: Board) -> str:
    """What is inside the page's `#run`: a kata's run, and what came of those before it."""
    template = environment().get_template("board-run.html.jinja")
    verdicts = [
        (each, *OUTCOMES.get(each.verdict, OUTCOMES["broken_off"])) for each in board.last_runs
    ]
    return template.render(run=board.run, verdicts=verdicts)


def _next_kata(board: Board) -> str:
    """The first kata with an objective that is not met, or the first of all."""
    open_katas = [k for k in board.katas if any(each.call == "not_met" for each in k.objectives)]
    return next((kata.kata for kata in [*open_katas, *board.katas]), "")


def _verdict(board: Board) -> tuple[str, str]:
    """The page's headline: its tone and its words."""
    if board.run is not None:
        return "undecided", f"Paused for the run of {board.run.kata or 'a kata'}"
    calls = [each.call for kata in board.katas for each in kata.objectives]
    if all(call == "no_events" for call in calls):
        return "quiet-tone", "Not run yet"
    missed = calls.count("not_met")
    if missed:
        return "not_met", f"✗ Not met: {missed} of {len(calls)} objectives"
    if calls and all(call == "met" for call in calls):
        return "met", f"✓ Met: all {len(calls)} objectives"
    return "undecided", f"… {calls.count('met')} of {len(calls)} objectives are met so far"


def _cards(kata: BoardKata) -> list[dict[str, object]]:
    cards: list[dict[str, object]] = []
    for objective, color in zip(kata.objectives, COLORS, strict=False):
        tone, words = CALLS[objective.call]
        share = objective.good / objective.total if objective.total else None
        since = objective.total_since_start
        cards.append(
            {
                "objective": objective,
                "color": color,
                "tone": tone,
                "words": words,
                "good": "" if share is None else percent(share, objective.target),
                "allowed": f"{objective.allowed:.1f}".removesuffix(".0"),
                "since": percent(objective.good_since_start / since, objective.target)
                if since
                else None,
            }
        )
    return cards


@dataclass(frozen=True, slots=True)
class _Plots:
    """One kata's plots as places on paper; all share the axis of time."""

    area: Area
    moments: list[tuple[float, str]]
    restarts: list[float]
    pauses: list[tuple[float, float]]
    lines: list[dict[str, object]]
    cells: dict[str, str]  # paths by opacity
    rows: list[tuple[float, str]]
    limits: list[tuple[float, str]]
    bars: dict[str, str]  # paths by tone
    most: int
    heat_height: float

    @classmethod
    def of(cls, board: Board, kata: BoardKata) -> "_Plots":
        area = Area(420, 120, 58.0, 412.0, 8.0, 100.0)
        end_s = (board.now_s // board.bin_s + 1) * board.bin_s  # of the bin that fills now
        x = Linear(end_s - board.kept_s, end_s, area.left, area.right)
        width = (area.right - area.left) * board.bin_s / board.kept_s
        bins = [each for each in kata.bins if end_s - board.kept_s <= each.start_s < end_s]
        most = max([sum(each.ended.values()) for each in bins], default=0)
        return cls(
            area=area,
            moments=_moments(board, x),
            restarts=[x(at_s) for at_s in board.restarts_s if at_s > end_s - board.kept_s],
            pauses=[
                (x(max(begin_s, x.low)), x(stop_s))
                for begin_s, stop_s in board.pauses_s
                if stop_s > x.low
            ],
            lines=_lines(kata, bins, x, area, board.bin_s),
            cells=_cells(kata, bins, x, width),
            rows=[
                (_row_top(kata, place), f"≤ {round_time(edge_s)}")
                for place, edge_s in enumerate(kata.edges_s)
            ],
            limits=[
                (_row_top(kata, kata.edges_s.index(each.threshold_s)), round_time(each.threshold_s))
                for each in kata.objectives
            ],
            bars=_bars(bins, x, most, width),
            most=most,
            heat_height=ROW * (len(kata.edges_s) + 1),
        )


def _moments(board: Board, x: Linear) -> list[tuple[float, str]]:
    """Whole minutes before now."""
    minutes = int(board.kept_s // 60)
    ticks = [(x(x.high), "now")]
    ticks += [(x(x.high - 60 * back), f"\N{MINUS SIGN}{back} min") for back in range(1, minutes)]
    return [tick for tick in ticks if tick[0] > 60]


def _lines(
    kata: BoardKata, bins: Sequence[BoardBin], x: Linear, area: Area, bin_s: float
) -> list[dict[str, object]]:
    y = Linear(0.0, 1.0, area.bottom, area.top)
    lines: list[dict[str, object]] = []
    for place, (objective, color) in enumerate(zip(kata.objectives, COLORS, strict=False)):
        path, end_s = "", -math.inf
        for each in bins:
            if (share := each.shares[place]) is not None:
                pen = "L" if each.start_s - end_s < MOST_GAP_S else "M"
                path += f"{pen}{x(each.start_s + bin_s):.1f} {y(share):.1f}"
                end_s = each.start_s + bin_s
        lines.append(
            {
                "color": color,
                "path": path,
                "target": y(objective.target),
            }
        )
    return lines


def _cells(kata: BoardKata, bins: Sequence[BoardBin], x: Linear, width: float) -> dict[str, str]:
    """A path for each opacity: the more journeys of a bin took that long, the stronger."""
    most = max([count for each in bins for count in each.times.values()], default=1)
    paths: dict[str, str] = {}
    for each in bins:
        for place, count in each.times.items():
            opacity = f"{math.ceil(SHADES * count / most) / SHADES:g}"
            box = _box(x(each.start_s), _row_top(kata, place) + 1, width, ROW - 2)
            paths[opacity] = paths.get(opacity, "") + box
    return paths


def _box(x: float, y: float, width: float, height: float) -> str:
    return f"M{number(x)} {number(y)}h{width:.2f}v{height:.2f}h-{width:.2f}z"


def _row_top(kata: BoardKata, place: int) -> float:
    """Where a row of response times begins; the slowest are at the top."""
    return ROW * (len(kata.edges_s) - place)


def _bars(bins: Sequence[BoardBin], x: Linear, most: int, width: float) -> dict[str, str]:
    """A path for each tone: how many ended how, those in time at the bottom."""
    paths: dict[str, str] = {}
    for each in bins:
        top = BARS
        by_tone: Counter[str] = Counter()
        for how, count in each.ended.items():
            by_tone["good" if how == "right" else BAD_TONES.get(how, "bad")] += count
        for tone in ("good", "late", "none", "bad"):
            if by_tone[tone]:
                height = BARS * by_tone[tone] / max(1, most)
                top -= height
                paths[tone] = paths.get(tone, "") + _box(x(each.start_s), top, width, height)
    return paths
