"""Twenty years of the shop's requests, drawn from a seed: counts a day, and the truth of it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from katas.sli.calendar_of_years import Calendar, draw_calendar
from katas.sli.shop_traffic import (
    BOTS_A_DAY,
    CLASSES,
    DAY_NOISE_SHAPE,
    HEALTH_CHECKS_A_DAY,
    ORDINARY,
    ORDINARY_4XX_OF_ACCOUNT,
    PARTNER_REQUESTS_A_DAY,
    PEOPLE_A_DAY,
    ROUTE_SHARES,
    ROUTES,
    SEGMENTS,
    TRADE_SHARE,
    WEEKDAYS,
    YEAR_DAYS,
    YEARS,
)

__all__ = ["Counts", "Years", "draw"]

Counts = NDArray[np.int64]
Shares = NDArray[np.float64]
CLASS = {name: number for number, name in enumerate(CLASSES)}
ROUTE = {name: number for number, name in enumerate(ROUTES)}
SEGMENT = {name: number for number, name in enumerate(SEGMENTS)}
BOTS_404 = 3_000


@dataclass(frozen=True, slots=True)
class Years:
    """The requests of each day by route, segment, client and what they came to; and the truth."""

    seed: int
    requests: Counts  # (years, days, routes, segments, clients, classes)
    calendar: Calendar
    spoilt: Shares  # (years, days): requests of people that the day's incident spoils, expected


def draw(seed: int) -> Years:
    """All of it from the seed alone; about a tenth of a second."""
    rng = np.random.default_rng(seed)
    calendar = draw_calendar(rng)
    shares = _ordinary_shares(rng)
    spoilt = _spoil(rng, calendar, shares)
    volumes = _volumes()
    people = rng.poisson(volumes[:, :, :, :, None] * shares)
    requests = np.zeros((YEARS, YEAR_DAYS, len(ROUTES), len(SEGMENTS), 4, len(CLASSES)), np.int64)
    requests[:, :, :, :, 0] = people
    _add_machines(rng, calendar, requests)
    return Years(seed, requests, calendar, (spoilt * volumes).sum(axis=(2, 3)))


def _volumes() -> Shares:
    """Expected requests of people: (1, days, routes, segments)."""
    weekdays = np.resize(np.array(WEEKDAYS), YEAR_DAYS)
    segments = np.array([1 - TRADE_SHARE, TRADE_SHARE])
    by_day: Shares = (
        PEOPLE_A_DAY
        * weekdays[None, :, None, None]
        * np.array(ROUTE_SHARES)[None, None, :, None]
        * segments[None, None, None, :]
    )
    return by_day


def _ordinary_shares(rng: np.random.Generator) -> Shares:
    """What requests of people come to at the best of times; days differ. Rows sum to 1."""
    shape = (YEARS, YEAR_DAYS, len(ROUTES), len(SEGMENTS), len(CLASSES))
    shares = np.zeros(shape)
    for name, share in ORDINARY.items():
        shares[..., CLASS[name]] = share
    shares[:, :, ROUTE["account"], :, CLASS["4xx"]] = ORDINARY_4XX_OF_ACCOUNT
    noise = rng.gamma(DAY_NOISE_SHAPE, 1 / DAY_NOISE_SHAPE, size=(YEARS, YEAR_DAYS))
    for name in ("5xx", "slow", "hanging"):
        shares[..., CLASS[name]] *= noise[:, :, None, None]
    shares[..., CLASS["quick"]] = 1 - shares.sum(axis=-1)
    return shares


def _spoil(rng: np.random.Generator, calendar: Calendar, shares: Shares) -> Shares:
    """Let each day's kind spoil its requests, in place; the harm, (years, days, routes, segments).

    A share p of a group's requests comes to another class: all its classes become 1 - p of what
    they were.
    """
    harm = np.zeros(shares.shape[:-1])

    def days(kind: str) -> NDArray[np.bool_]:
        return np.asarray(calendar.kinds == kind)

    def spoil(
        where: NDArray[np.bool_],
        share: Shares,
        became: str,
        routes: slice = slice(None),
        segments: slice = slice(None),
        harms: bool = True,
    ) -> None:
        p = share[:, None, None]
        part = shares[where]
        part[:, routes, segments] *= 1 - p[..., None]
        part[:, routes, segments, CLASS[became]] += p
        shares[where] = part
        if harms:
            hurt = harm[where]
            hurt[:, routes, segments] += p
            harm[where] = hurt

    def between(where: NDArray[np.bool_], low: float, high: float) -> Shares:
        return rng.uniform(low, high, size=int(where.sum()))

    def only(names: dict[str, int], name: str) -> slice:
        return slice(names[name], names[name] + 1)

    short = days("lost") & ~calendar.is_long
    spoil(short, between(short, 0.035, 0.06), "lost")
    spoil(calendar.is_long, between(calendar.is_long, 0.60, 0.75), "lost")
    slow = days("slow")
    share = between(slow, 0.05, 0.08)
    spoil(slow, share * 0.98, "slow")
    spoil(slow, share * 0.02, "hanging")
    empty = days("empty")
    spoil(empty, between(empty, 0.09, 0.15), "empty", only(ROUTE, "search"))
    errors = days("errors")
    spoil(errors, between(errors, 0.030, 0.045), "5xx")
    home = days("home")
    spoil(home, between(home, 0.030, 0.034), "5xx", only(ROUTE, "home"))
    trade = days("trade")
    spoil(trade, between(trade, 0.05, 0.06), "5xx", segments=only(SEGMENT, "trade"))
    checkout = days("checkout")
    spoil(checkout, between(checkout, 0.12, 0.15), "5xx", only(ROUTE, "checkout"))
    deploy = days("deploy")
    spoil(deploy, between(deploy, 0.0002, 0.0006), "5xx", harms=False)
    left = days("visitors leave")
    spoil(left, between(left, 0.04, 0.06), "left", harms=False)
    return harm


def _add_machines(rng: np.random.Generator, calendar: Calendar, requests: Counts) -> None:
    """Health checks, the partner's job and bots, which all count as private customers."""
    size = (YEARS, YEAR_DAYS)
    private = SEGMENT["private"]
    checks = requests[:, :, ROUTE["home"], private, 1]
    checks[..., CLASS["quick"]] = HEALTH_CHECKS_A_DAY
    partner = requests[:, :, ROUTE["search"], private, 2]
    partner[..., CLASS["slow"]] = rng.poisson(PARTNER_REQUESTS_A_DAY, size)
    bots = requests[:, :, ROUTE["product"], private, 3]
    bots[..., CLASS["quick"]] = rng.poisson(BOTS_A_DAY * 0.9, size)
    bots[..., CLASS["4xx"]] = rng.poisson(
        np.where(calendar.kinds == "bots", BOTS_404, BOTS_A_DAY * 0.1)
    )
