"""Times, ratios and counts as people say them. It knows numbers and no report. Pure."""

__all__ = ["burn_rate", "count_of", "percent", "round_percent", "round_time", "seconds"]


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
