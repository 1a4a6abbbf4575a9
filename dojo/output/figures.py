"""Times, ratios and counts as people say them. Pure."""

from dojo.report import WhereTimeWent

__all__ = ["percent", "pool_at_end", "seconds"]


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


def pool_at_end(where: WhereTimeWent) -> str:
    """Who still waited for a pooled connection when the burst ended; "" if nobody did."""
    if not where.waiting_at_end:
        return ""
    total = sum(where.connections_at_end.values())
    states = ", ".join(f"{count} {state}" for state, count in where.connections_at_end.items())
    return (
        f"When the burst ended {where.waiting_at_end:,} requests were waiting for one of the app's"
        f" {where.pool_size or 0:,} pooled connections, all of them lent out; Postgres itself"
        f" knew of {total}{f' ({states})' if states else ''}."
    )
