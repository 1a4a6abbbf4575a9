"""Times and ratios as people say them. Pure."""

__all__ = ["percent", "seconds"]


def seconds(value: float | None) -> str:
    """A time as people say it."""
    if value is None:
        return "-"
    return f"{value * 1000:,.0f} ms" if value < 1 else f"{value:,.2f} s"


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
