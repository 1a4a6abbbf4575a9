"""When an answer came, and how old what it shows may be."""

import math
from dataclasses import dataclass

__all__ = ["AFTER_ALL", "Moment"]


@dataclass(frozen=True, slots=True)
class Moment:
    """When a page was requested and received, and how old its data may be; in seconds."""

    sent_s: float
    done_s: float
    limit_s: float

    @property
    def of_any_age(self) -> "Moment":
        """The same with no limit, to tell what is old from what never was so."""
        return Moment(self.sent_s, self.done_s, math.inf)


AFTER_ALL = Moment(math.inf, math.inf, 0.0)  # every acknowledged write must be shown
