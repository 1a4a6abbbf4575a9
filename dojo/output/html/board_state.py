"""What the board shows at one moment: values. Knows neither who measures nor how it is drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

__all__ = ["Board", "BoardBin", "BoardKata", "BoardObjective", "BoardRun", "BoardVerdict"]


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
    is_elsewhere: bool = False  # a run of another folder's app, and not of what the board shows


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
