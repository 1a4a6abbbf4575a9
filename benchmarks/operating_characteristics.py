"""What becomes of runs of an app whose true bad ratio is known: the tables of docs/decision.md.

python -m benchmarks.operating_characteristics

The figures are computed, not measured, and exact. It knows the katas' slo.yaml files and the
bounds of the decision, and runs nothing.
"""

from collections.abc import Sequence

from dojo.output.figures import round_percent
from dojo.slo.catalog import service_levels
from dojo.slo.decision import level_bounds
from dojo.slo.sequential import LOOKS, Bounds, operating_characteristics
from tests.support.project import ROOT

__all__ = ["document"]

# multiples of the error budget; the last row is a bad ratio of 1: nobody is served well
MULTIPLES = (0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.25, 1.5, 2, 3, 5, 10)
CLUMPS = (1, 30)  # independent events, and stalls that hit so many neighbours together
TIMES = "\N{MULTIPLICATION SIGN}"


def objectives() -> list[tuple[float, Bounds]]:
    """(target, bounds) of the katas' objectives; those that are equal stand once."""
    found = []
    for level in service_levels(ROOT).values():
        planned = round(level.rate_per_s * level.burst_s)
        for objective, limits in zip(level.objectives, level_bounds(level, planned), strict=True):
            if (objective.target, limits) not in found:
                found.append((objective.target, limits))
    return sorted(found, key=lambda each: (each[0], each[1].totals, each[1].red_from))


def document() -> str:
    """All tables in Markdown: the bounds, then what becomes of apps, for each objective."""
    every = objectives()
    parts = [bounds_table(every)]
    for target, limits in every:
        for clump in CLUMPS:
            parts += [title(target, limits, clump), characteristics_table(target, limits, clump)]
    return "\n\n".join(parts) + "\n"


def bounds_table(every: Sequence[tuple[float, Bounds]]) -> str:
    """Up to how many bad events a look is green, and from how many on it is red."""
    looks = [f"look {look + 1}" for look in range(LOOKS)]
    head = ["target", "events a look", "budget in three looks"]
    head += [f"green, {look}" for look in looks] + [f"red, {look}" for look in looks]
    rows = [
        [
            round_percent(target),
            f"{limits.totals[0]:,}",
            f"{(1 - target) * limits.totals[-1]:.1f}",
            *(f"≤ {count:,}" if count >= 0 else "-" for count in limits.green_at_most),
            *(f"≥ {count:,}" for count in limits.red_from),
        ]
        for target, limits in every
    ]
    return markdown(head, rows)


def characteristics_table(target: float, limits: Bounds, clump: int) -> str:
    """Shares of runs that are green and red by the end of each look, and undecided in the end."""
    looks = [str(look + 1) for look in range(LOOKS)]
    head = ["bad events", "bad ratio"]
    head += [f"green by {look}" for look in looks] + [f"red by {look}" for look in looks]
    rows = []
    for ratio in [*(multiple * (1 - target) for multiple in MULTIPLES), 1.0]:
        if ratio > 1:
            continue
        found = operating_characteristics(limits, ratio, clump)
        rows.append(
            [
                f"{ratio / (1 - target):g}{TIMES} budget",
                f"{ratio * 100:.4g}%",
                *map(share, found.green),
                *map(share, found.red),
                share(found.undecided),
            ]
        )
    return markdown([*head, "undecided"], rows)


def share(probability: float) -> str:
    """A percentage that rounds neither to never nor to always what is neither."""
    if probability < 1e-9:
        return "0"
    if probability < 0.0005:
        return "<0.1%"
    if probability > 1 - 1e-9:
        return "100%"
    return ">99.9%" if probability > 0.9995 else f"{probability * 100:.1f}%"


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table; all columns but the first are aligned to the right."""
    lines = [head, ["---", *["--:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def title(target: float, limits: Bounds, clump: int) -> str:
    """The heading of a table."""
    how = "independent events" if clump == 1 else f"stalls of {clump} neighbours"
    red = f"red from {', '.join(f'{count:,}' for count in limits.red_from)} bad on"
    return f"### {round_percent(target)} of {limits.totals[0]:,} a look ({red}): {how}"


if __name__ == "__main__":
    print(document(), end="")
