"""What an SLI makes of each kind of request: good, bad, left out, or it depends. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # it loads numpy
    from katas.sli.counting import Kind, Weights

__all__ = ["BAD", "BOTH", "GOOD", "LEFT_OUT", "UNKNOWN", "Roles", "roles_of"]

GOOD, BAD, LEFT_OUT, BOTH, UNKNOWN = "good", "bad", "not counted", "it depends", "?"


@dataclass(frozen=True, slots=True)
class Roles:
    """By client and outcome: ("person", "5xx") is bad, for instance."""

    by_kind: Mapping[tuple[str, str], str]

    def of(self, client: str, outcome: str) -> str:
        """The role; UNKNOWN of what never came, or too rarely to be solved for."""
        return self.by_kind.get((client, outcome), UNKNOWN)


def roles_of(weights: "Weights") -> Roles:
    """The role of each client's outcomes, over all groups, routes and segments."""
    good: dict[tuple[str, str], set[float]] = {}
    total: dict[tuple[str, str], set[float]] = {}
    for found, by_kind in ((weights.good, good), (weights.total, total)):
        for kind, values in found.items():
            by_kind.setdefault(_key(kind), set()).update(round(value, 3) for value in values)
    return Roles({key: _role(good[key], total[key]) for key in total})


def _key(kind: "Kind") -> tuple[str, str]:
    return kind.client, kind.outcome


def _role(good: set[float], total: set[float]) -> str:
    if total == {0}:
        return LEFT_OUT
    if total == {1}:
        return GOOD if good == {1} else BAD if good == {0} else BOTH
    return BOTH
