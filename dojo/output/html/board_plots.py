"""The plots of a kata on the board, as places on paper. Pure."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from dojo.output.figures import round_time
from dojo.output.html.board_state import Board, BoardBin, BoardKata
from dojo.output.html.plot_area import Area
from dojo.output.html.scale import Linear, number

__all__ = ["COLORS", "BoardPlots"]

COLORS = ("a", "b", "c")  # of the objectives' lines
BAD_TONES = {"too late": "late", "slow": "late", "timeout": "none"}
ROW = 13.0  # height of a row of response times
BARS = 78.0  # height of the bars
MOST_GAP_S = 15.0  # over a longer one, as of a pause, no line is drawn
SHADES = 6  # of the response times


@dataclass(frozen=True, slots=True)
class BoardPlots:
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
    def of(cls, board: Board, kata: BoardKata) -> "BoardPlots":
        area = Area(420, 120, 66.0, 412.0, 8.0, 100.0)
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
    """Whole minutes before now; in a pause for a kata's run, before its begin."""
    minutes = int(board.kept_s // 60)
    ticks = [(x(x.high), "now" if board.run is None else "pause")]
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
