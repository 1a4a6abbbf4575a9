"""An alert policy as a value: conditions that must hold together, and what it sends. Pure.

The words are those of Nobl9's AlertPolicy. A burn rate is the share of bad events divided by the
share that the objective allows. A budget drop is what was spent within the window, as a share of
the budget of 28 days.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

__all__ = ["AlertCondition", "AlertPolicy", "Measurement", "Severity", "window_text"]

UNITS = (("d", 24 * 60), ("h", 60), ("m", 1))


class Measurement(StrEnum):
    """What a condition looks at."""

    BURN_RATE = "averageBurnRate"
    BUDGET_DROP = "budgetDrop"


class Severity(StrEnum):
    """Whom a policy reaches: High pages somebody, the others make a ticket."""

    HIGH = "High"
    MEDIUM = "Medium"
    LOW = "Low"


@dataclass(frozen=True, slots=True)
class AlertCondition:
    """At least this value, over the window that ends now."""

    measurement: Measurement
    value: float
    window_min: int

    @property
    def window(self) -> str:
        """The window as Prometheus writes it: "5m", "1h", "3d"."""
        return window_text(self.window_min)

    def threshold(self, target: float) -> float:
        """What a share of bad events is compared with.

        Of all events in the window for a burn rate, of the events of 28 days for a budget drop. In
        decimals: 14.4 times 0.005 is 0.072, and 3 bad of 60 are exactly 10 times 0.005.
        """
        return float(Decimal(repr(self.value)) * (1 - Decimal(repr(target))))


@dataclass(frozen=True, slots=True)
class AlertPolicy:
    """Active while all conditions hold, and for the cool-down after that."""

    name: str
    severity: Severity
    conditions: tuple[AlertCondition, ...]
    cool_down_min: int = 5

    @property
    def pages(self) -> bool:
        """Whether it rings somebody's phone, or else makes a ticket."""
        return self.severity is Severity.HIGH


def window_text(minutes: int) -> str:
    """A length as Prometheus writes it: "5m", "1h", "3d"."""
    for unit, length in UNITS:
        if minutes % length == 0:
            return f"{minutes // length}{unit}"
    raise AssertionError("every whole number of minutes is a multiple of one")
