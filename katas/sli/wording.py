"""The words for kinds of days, outcomes and groups, in report and messages. Pure."""

__all__ = [
    *("CALM_WORDS", "INCIDENT_WORDS", "OUTCOME_WORDS"),
    *("group_name", "measured", "part", "percent", "ratio"),
]

MOST_TOLD = 100.0  # budgets; how many more were spent makes no difference
# kind: what people met, and the outcomes that show it
INCIDENT_WORDS = {
    "lost": ("no app answered: 502 from the load balancer", ("lost",)),
    "slow": ("pages took 1 to 3 s and longer", ("slow", "hanging")),
    "empty": ("searches gave an empty page, with 200", ("empty",)),
    "errors": ("a 5xx on 3 to 4% of all pages", ("5xx",)),
    "home": ("a 5xx on 3% of home pages; health checks got theirs", ("5xx",)),
    "trade": ("a 5xx on 5% of the pages of trade customers", ("5xx",)),
    "checkout": ("a 5xx on a quarter of the checkouts, for half a day", ("5xx",)),
}
CALM_WORDS = {
    "ordinary": "nothing out of the way",
    "deploy": "some failed requests in the seconds of a restart",
    "bots": "3,000 requests for pages that do not exist: 404",
    "visitors leave": "a newsletter's guests go before the page is there: 499",
}
OUTCOME_WORDS = {
    "quick": "full page within 300 ms",
    "in time": "full page in 0.3 to 1 s",
    "slow": "full page in 1 to 3 s",
    "hanging": "full page after 3 s",
    "empty": "empty page, with 200",
    "4xx": "4xx: wrong password or page",
    "left": "499: the visitor left",
    "5xx": "5xx from the app",
    "lost": "502 from the load balancer",
}


def group_name(group: tuple[str | None, str | None]) -> str:
    """In words: "all", "trade", "checkout", "trade/checkout"."""
    return "/".join(name for name in group if name is not None) or "all"


def ratio(value: float) -> str:
    """An SLI or a target: "99.5%", "98%", "99.97%"."""
    return f"{100 * value:.4f}".rstrip("0").rstrip(".") + "%"


def measured(value: float) -> str:
    """An SLI that was measured, to a hundredth: "99.71%"."""
    return f"{100 * value:.2f}%"


def part(value: float) -> str:
    """Of how many days, with one decimal; 100% and 0% are all and none, and nothing else."""
    shown = min(max(round(100 * value, 1), 0.1), 99.9) if 0 < value < 1 else 100 * value
    return f"{shown:.1f}%"


def percent(value: float) -> str:
    """A part of a budget: "7.3%", "38%", "1,240%"."""
    if value > MOST_TOLD:
        return f"over {100 * MOST_TOLD:,.0f}%"
    return f"{100 * value:.1f}%" if value < 0.1 else f"{100 * value:,.0f}%"
