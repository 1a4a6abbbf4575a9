"""Who comes to the shop on an ordinary day, and what becomes of their requests. Figures only.

The figures are chosen so that each idea of a good SLI is decided by a kind of incident that nothing
else sees; `python -m benchmarks.sli_table` draws the table that holds them to it. Pure.
"""

__all__ = [
    "BOTS_A_DAY",
    "CLASSES",
    "CLIENTS",
    "DAY_NOISE_SHAPE",
    "FIRST_DAY",
    "HEALTH_CHECKS_A_DAY",
    "LOGGED",
    "MONTHS",
    "MONTH_DAYS",
    "ORDINARY",
    "ORDINARY_4XX_OF_ACCOUNT",
    "PARTNER_REQUESTS_A_DAY",
    "PEOPLE_A_DAY",
    "ROUTES",
    "ROUTE_SHARES",
    "SEGMENTS",
    "TRADE_SHARE",
    "WEEKDAYS",
    "YEARS",
    "YEAR_DAYS",
]

YEARS = 20  # judged
MONTHS, MONTH_DAYS = 13, 28
YEAR_DAYS = MONTHS * MONTH_DAYS  # so that each year begins on a Monday
FIRST_DAY = "2004-01-05"  # a Monday

ROUTES = ("home", "search", "product", "account", "checkout")
ROUTE_SHARES = (0.30, 0.25, 0.31, 0.13, 0.01)
SEGMENTS = ("private", "trade")
TRADE_SHARE = 0.025
CLIENTS = ("person", "health check", "partner", "bot")

PEOPLE_A_DAY = 10_000
WEEKDAYS = (1.04, 1.02, 1.02, 1.03, 1.05, 0.92, 0.92)  # Monday first
HEALTH_CHECKS_A_DAY = 25_920  # three probes of / every ten seconds
PARTNER_REQUESTS_A_DAY = 100  # a search job, slow, as it always was
BOTS_A_DAY = 60
DAY_NOISE_SHAPE = 16.0  # of the gamma distribution by which a day's errors are more or fewer

# What a request can come to; each class excludes the others.
CLASSES = ("quick", "in time", "slow", "hanging", "empty", "4xx", "left", "5xx", "lost")
# status, bucket_ms, body: as the load balancer counts, and as the app does (None: never saw it)
LOGGED = {
    "quick": ((200, 300, "full"), (200, 300, "full")),
    "in time": ((200, 1000, "full"), (200, 1000, "full")),
    "slow": ((200, 3000, "full"), (200, 3000, "full")),
    "hanging": ((200, 10000, "full"), (200, 10000, "full")),
    "empty": ((200, 300, "empty"), (200, 300, "empty")),
    "4xx": ((404, 300, "full"), (404, 300, "full")),
    "left": ((499, 1000, "empty"), (200, 1000, "full")),
    "5xx": ((500, 300, "empty"), (500, 300, "empty")),
    "lost": ((502, 300, "empty"), None),
}
# Shares of people's requests at the best of times; the rest is quick.
ORDINARY = {
    "in time": 0.12,
    "slow": 0.0006,
    "hanging": 0.0001,
    "4xx": 0.004,
    "left": 0.004,
    "5xx": 0.0007,
}
ORDINARY_4XX_OF_ACCOUNT = 0.03  # wrong passwords
