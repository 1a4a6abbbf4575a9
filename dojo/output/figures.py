"""Times, ratios and counts as people say them. It knows numbers and no report. Pure."""

__all__ = [
    "burn_rate",
    "core_count",
    "count_of",
    "length",
    "percent",
    "rate",
    "round_percent",
    "round_time",
    "seconds",
    "statements_of",
    "tenths",
]


def seconds(value: float | None) -> str:
    """A time in seconds as people say it; "-" for None."""
    if value is None:
        return "-"
    return f"{value * 1000:,.0f} ms" if value < 1 else f"{value:,.2f} s"


def round_time(value_s: float) -> str:
    """A time in seconds that is round already, as on an axis or in a threshold: 300 ms, 5 s."""
    return f"{value_s * 1000:g} ms" if value_s < 1 else f"{value_s:g} s"


def percent(ratio: float, against: float | None = None) -> str:
    """A ratio as a percentage that never rounds to a lie: not to 100%, 0% or the target."""
    for digits in range(1, 8):
        text = f"{ratio * 100:.{digits}f}"
        if (float(text) in (0.0, 100.0) and 0 < ratio < 1) or (
            against is not None and ratio != against and float(text) == round(against * 100, 9)
        ):
            continue
        return f"{text}%"
    return f"{ratio * 100!r}%"


def tenths(ratio: float, against: float | None = None) -> str:
    """A ratio as a percentage with one decimal, always, so that figures below each other compare.

    Where rounding would make it 100%, 0% or the target and it is not, it is rounded the other way.
    """
    rounded = round(ratio * 100, 1)
    if 0 < ratio < 1 and rounded in (0.0, 100.0):
        rounded += 0.1 if rounded == 0 else -0.1
    elif against is not None and ratio != against and rounded == round(against * 100, 9):
        rounded += 0.1 if ratio > against else -0.1
    return f"{rounded:.1f}%"


def round_percent(ratio: float) -> str:
    """A ratio that is round already, as a target is written: 95%, 99.9%."""
    return f"{ratio * 100:.10g}%"


def burn_rate(rate: float) -> str:
    """20.0 and a multiplication sign; a small rate has as many digits as it needs."""
    figure = f"{rate:,.1f}" if rate == 0 or rate >= 0.05 else f"{rate:.2g}"
    return f"{figure}\N{MULTIPLICATION SIGN}"


def count_of(count: int, noun: str) -> str:
    """1 request, 2,000 requests: for nouns with a regular plural."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def core_count(cores: float) -> str:
    """1 core, 2 cores, 0.5 cores: a quota can be a part of one."""
    whole = round(cores)
    return count_of(whole, "core") if abs(cores - whole) < 0.05 else f"{cores:.1f} cores"


def rate(per_s: float) -> str:
    """So many a second: 3.2, 80, 1,200; below ten with a digit more, if it is no whole number."""
    if 0 < per_s < 0.1:
        return "less than 0.1"
    return f"{per_s:,.1f}".removesuffix(".0") if per_s < 10 else f"{per_s:,.0f}"


def length(value_s: float) -> str:
    """A long time as people say it: 40 minutes, 33 hours, 12 days."""
    for unit_s, noun in ((86_400, "day"), (3600, "hour"), (60, "minute")):
        if value_s >= 2 * unit_s or (noun == "minute" and value_s >= unit_s):
            return count_of(round(value_s / unit_s), noun)
    return count_of(max(1, round(value_s)), "second")


def statements_of(statements: float) -> str:
    """A mean count of statements: "1 statement", "3.5 statements"."""
    figure = f"{statements:,.1f}".removesuffix(".0")
    return f"{figure} statement{'' if figure == '1' else 's'}"
