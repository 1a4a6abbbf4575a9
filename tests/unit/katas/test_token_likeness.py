"""The customer in the token: alike for one customer, and not for two."""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Callable
from random import Random
from uuid import UUID

import pytest

from katas.shop.checks.token_likeness import ALIKE_FROM, OwnedToken, likeness

Make = Callable[[Random, int, float], str]  # from random numbers, the customer, the second


def burst(make: Make, seed: int, count: int = 960) -> list[OwnedToken]:
    """Log-ins of some hundred customers in twelve seconds; every seventh clicks twice."""
    rng, tokens = Random(seed), list[OwnedToken]()
    for number in range(count):
        at_s = 12 * number / count
        customer = rng.choice([7 + 20 * rng.randrange(120), rng.randrange(1, 26000)])
        clicks = (at_s, at_s + 0.02) if number % 7 == 0 else (at_s,)
        tokens += [OwnedToken(make(rng, customer, 1.8e9 + at), customer, at) for at in clicks]
    return tokens


def hex_of(rng: Random, size: int) -> str:
    return rng.randbytes(size).hex()


def base64_of(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


HONEST: dict[str, Make] = {
    "urlsafe": lambda rng, customer, at_s: base64_of(rng.randbytes(32)),
    "hex": lambda rng, customer, at_s: hex_of(rng, 16),
    "uuid4": lambda rng, customer, at_s: str(UUID(int=rng.getrandbits(128), version=4)),
    "clock in ms first": lambda rng, customer, at_s: f"{int(at_s * 1000):012x}{hex_of(rng, 10)}",
    "signed, clock in s": lambda rng, customer, at_s: (
        f"{base64_of(rng.randbytes(16))}.{int(at_s)}.{base64_of(rng.randbytes(20))}"
    ),
    "fixed header": lambda rng, customer, at_s: f"eyJhbGciOiJIUzI1NiJ9.{hex_of(rng, 24)}",
}
OF_CUSTOMERS: dict[str, Make] = {
    "base64": lambda rng, customer, at_s: base64_of(f"{customer}:{hex_of(rng, 16)}".encode()),
    "hex": lambda rng, customer, at_s: f"{customer:08x}{hex_of(rng, 12)}",
    "scrambled": lambda rng, customer, at_s: (
        f"{customer * 2654435761 % 2**32:08x}{hex_of(rng, 12)}"
    ),
    "hashed": lambda rng, customer, at_s: (
        hashlib.sha256(str(customer).encode()).hexdigest()[:4] + hex_of(rng, 14)
    ),
    "with a clock": lambda rng, customer, at_s: base64_of(
        f"{customer}:{at_s:.6f}:{hex_of(rng, 8)}".encode()
    ),
}


@pytest.mark.parametrize("make", HONEST.values(), ids=HONEST)
@pytest.mark.parametrize("seed", range(5))
def test_honest_tokens_are_alike_for_nobody(make: Make, seed: int) -> None:
    """Random ones, and ones with a clock or a fixed part, are far below the bound."""
    found = likeness(burst(make, seed))
    assert found.pairs > 300
    assert found.z < ALIKE_FROM - 1.5


@pytest.mark.parametrize("make", OF_CUSTOMERS.values(), ids=OF_CUSTOMERS)
@pytest.mark.parametrize("seed", range(5))
def test_a_customer_in_the_token_is_seen(make: Make, seed: int) -> None:
    """However it is written, and be it four letters of 32, it is far above the bound."""
    found = likeness(burst(make, seed))
    assert found.z > ALIKE_FROM + 4
    assert found.same_customer > found.different_customers
    assert found.example is not None
    first, second = found.example
    assert first.customer == second.customer


def test_letters_are_counted_at_equal_places() -> None:
    """Two sessions of one customer share four letters, those of two customers one."""
    tokens = [
        OwnedToken("abcd-1", 1, 0.0),
        OwnedToken("a....2", 2, 0.9),
        OwnedToken("abcd-3", 1, 1.0),
    ]
    found = likeness(tokens)
    assert (found.pairs, found.same_customer, found.different_customers) == (1, 5.0, 1.0)
    assert found.z == 1.0


@pytest.mark.parametrize("count", [0, 1, 10])
def test_few_tokens_prove_nothing(count: int) -> None:
    """z is at most the root of the number of pairs, and 0 without any."""
    tokens = [OwnedToken(f"same{number}", number % 2, float(number)) for number in range(count)]
    assert likeness(tokens).z < ALIKE_FROM
