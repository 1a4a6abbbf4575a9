"""Whether two sessions of one customer are more alike than two of different customers. Pure.

A token with something of its customer in it, however it is written (plain, in base64 or hex,
scrambled by a constant), has the same letters at the same places in each session of that customer.
So for each pair of sessions of one customer the letters are counted that stand equal at equal
places, and held against a pair of different customers at the same two moments, so that a clock or
a fixed part in the tokens makes no difference. With d the difference of the two counts,

    z = sum(d) / sqrt(sum(d²))

If tokens know nothing of their customers, d is as often above 0 as below it by as much, and
P(z > t) <= exp(-t²/2) for independent pairs (Efron 1969), which is 1.5e-8 for t = 6. Measured, with
the log-ins of the kata's plans (some 580 pairs): 10,000 bursts of each kind of honest tokens, 200
of each of the others.

    honest             most z    with its customer in it    least z
    token_urlsafe(32)     3.9    base64(id:random)             18.9
    token_hex(16)         3.4    base64(random:id)             18.5
    uuid4                 3.8    hexadecimal id first          20.4
    decimal digits        3.8    id last                       20.4
    96 bits as 0 and 1    4.0    id xor a constant             22.3
    uuid7, clock in ms    3.7    sha256(id), 8 letters         22.4
    ULID, clock in ms     4.4    keyed hash, 4 letters of 32   20.4
    clock in ns, random   3.4    keyed hash, 2 letters of 32   15.3
    signed, clock in s    3.5    JWT with sub, iat, jti        15.3
    JWT with iat, jti     3.8    base64(id:clock:random)       18.3
"""

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import eq

__all__ = ["ALIKE_FROM", "Likeness", "OwnedToken", "likeness"]

ALIKE_FROM = 6.0  # z
LATER = 3  # each session is held against so many later ones of its customer
APART_S = 0.2  # two clicks are nearer; in between a clock says nearly the same


@dataclass(frozen=True, slots=True)
class OwnedToken:
    """A session, whose it is, and when it was acknowledged."""

    text: str
    customer: int
    at_s: float


@dataclass(frozen=True, slots=True)
class Likeness:
    """Over all pairs: letters equal at equal places, and how sure it is that they differ."""

    pairs: int
    same_customer: float  # letters, on average
    different_customers: float
    z: float
    example: tuple[OwnedToken, OwnedToken] | None  # the pair of one customer that is most alike


def likeness(tokens: Sequence[OwnedToken]) -> Likeness:
    """Compare as the module says. `z` is at most the root of the number of pairs."""
    ordered = sorted(tokens, key=lambda token: token.at_s)
    same, different, example, squares = 0, 0, None, 0
    most, count = -1, 0
    for first, second, stranger in _triples(ordered):
        alike, unlike = _equal_letters(first, second), _equal_letters(first, stranger)
        if alike - unlike > most:
            most, example = alike - unlike, (first, second)
        same, different, count = same + alike, different + unlike, count + 1
        squares += (alike - unlike) ** 2
    z = (same - different) / math.sqrt(squares) if squares else 0.0
    return Likeness(count, same / max(count, 1), different / max(count, 1), z, example)


def _equal_letters(first: OwnedToken, second: OwnedToken) -> int:
    return sum(map(eq, first.text, second.text))


def _triples(
    ordered: Sequence[OwnedToken],
) -> Iterator[tuple[OwnedToken, OwnedToken, OwnedToken]]:
    """Two sessions of one customer, and one of another at the time of the second."""
    moments = [token.at_s for token in ordered]
    by_customer = defaultdict[int, list[OwnedToken]](list)
    for token in ordered:
        by_customer[token.customer].append(token)
    for own in by_customer.values():
        for place, first in enumerate(own):
            for second in own[place + 1 : place + 1 + LATER]:
                if second.at_s - first.at_s < APART_S:
                    continue
                stranger = _nearest_stranger(ordered, moments, second)
                if stranger is not None:
                    yield first, second, stranger


def _nearest_stranger(
    ordered: Sequence[OwnedToken], moments: Sequence[float], to: OwnedToken
) -> OwnedToken | None:
    """The session of another customer that was begun nearest to that one."""
    place = bisect_left(moments, to.at_s)
    before = next((t for t in reversed(ordered[:place]) if t.customer != to.customer), None)
    after = next((t for t in ordered[place:] if t.customer != to.customer), None)
    if before is None or after is None:
        return before or after
    return before if to.at_s - before.at_s < after.at_s - to.at_s else after
