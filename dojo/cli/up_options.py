"""The options of `dojo up`, as values. Pure."""

from dataclasses import dataclass

__all__ = ["UpOptions"]

WATCHED_PER_S = 30.0  # journeys of every kind together


@dataclass(frozen=True, slots=True)
class UpOptions:
    """The command line's options."""

    for_s: float = 3600.0
    port: int = 3000  # 0: any
    host: str = "127.0.0.1"
    rate_per_s: float = 1.0  # journeys of every kind together
    load: bool = True
    reload: bool = False
    board: bool = True
    board_port: int | None = None  # 0: any; None: the usual one, or any if that is taken

    @property
    def watched_factor(self) -> float:
        """How many times the rate is sent while a board is open, so that a fix is seen in time."""
        return max(1.0, WATCHED_PER_S / self.rate_per_s)
