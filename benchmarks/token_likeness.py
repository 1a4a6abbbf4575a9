"""How alike one customer's sessions are, for tokens with and without something of the customer.

    python -m benchmarks.token_likeness [--honest 100] [--others 20]

Prints, for each kind of token, the most or the least z of so many bursts: the table of
katas/shop/checks/token_likeness.py. A burst is one of the kata's plans of log-ins, of which there
are PLANS. The tokens are drawn from fixed seeds, so that each run prints the same.
"""

import argparse
import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Sequence
from random import Random
from uuid import UUID

from dojo import Flow
from dojo.load.plan import Plan
from katas.shop.checks.token_likeness import OwnedToken, likeness
from katas.shop.scenarios.log_ins import LogInJourneys
from katas.shop.scenarios.people import People

PLANS = 40
RATE_PER_S, BURST_S = 80, 12.0
ANSWERED_S, CLICKED_AGAIN_S = 0.01, 0.025  # after the visitor came; each up to 0.01 s later
BEGUN_S = 1_800_000_000.0  # the clock at the start of each burst
KEY = b"known to the shop alone"
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
Make = Callable[[Random, int, float], str]  # from random numbers, the customer, the clock
LogIns = Sequence[tuple[int, float]]  # whose, and when since the start of the burst


def hex_of(rng: Random, size: int) -> str:
    """Random bytes in hexadecimal."""
    return rng.randbytes(size).hex()


def base64_of(data: bytes) -> str:
    """Without what fills up the end."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def ulid(rng: Random, clock_s: float) -> str:
    """The clock in ms and 80 random bits, five bits a letter."""
    number = (int(clock_s * 1000) << 80) | rng.getrandbits(80)
    return "".join(CROCKFORD[number >> 5 * place & 31] for place in range(25, -1, -1))


def uuid7(rng: Random, clock_s: float) -> str:
    """The clock in ms and 74 random bits."""
    number = int(clock_s * 1000) << 80 | 7 << 76 | rng.getrandbits(12) << 64
    return str(UUID(int=number | 2 << 62 | rng.getrandbits(62)))


def signed(text: str, digest: str = "sha1") -> str:
    """With a signature at the end."""
    return f"{text}.{base64_of(hmac.digest(KEY, text.encode(), digest))}"


def jwt(**claims: object) -> str:
    """A signed JSON web token."""
    header = base64_of(b'{"alg":"HS256","typ":"JWT"}')
    return signed(f"{header}.{base64_of(json.dumps(claims).encode())}", "sha256")


def keyed(customer: int, letters: int) -> str:
    """The first letters of the customer's id, hashed with a key."""
    return hmac.digest(KEY, str(customer).encode(), "sha256").hex()[:letters]


HONEST: dict[str, Make] = {
    "token_urlsafe(32)": lambda rng, customer, clock_s: base64_of(rng.randbytes(32)),
    "token_hex(16)": lambda rng, customer, clock_s: hex_of(rng, 16),
    "uuid4": lambda rng, customer, clock_s: str(UUID(int=rng.getrandbits(128), version=4)),
    "decimal digits": lambda rng, customer, clock_s: f"{rng.getrandbits(128):039d}",
    "96 bits as 0 and 1": lambda rng, customer, clock_s: f"{rng.getrandbits(96):096b}",
    "uuid7, clock in ms": lambda rng, customer, clock_s: uuid7(rng, clock_s),
    "ULID, clock in ms": lambda rng, customer, clock_s: ulid(rng, clock_s),
    "clock in ns, random": lambda rng, customer, clock_s: f"{int(clock_s * 1e9)}.{hex_of(rng, 12)}",
    "signed, clock in s": lambda rng, customer, clock_s: signed(
        f"{base64_of(rng.randbytes(16))}.{base64_of(int(clock_s).to_bytes(4, 'big'))}"
    ),
    "JWT with iat, jti": lambda rng, customer, clock_s: jwt(
        iat=int(clock_s), exp=int(clock_s) + 3600, jti=hex_of(rng, 16)
    ),
}
OF_CUSTOMERS: dict[str, Make] = {
    "base64(id:random)": lambda rng, customer, clock_s: base64_of(
        f"{customer}:{hex_of(rng, 16)}".encode()
    ),
    "base64(random:id)": lambda rng, customer, clock_s: base64_of(
        f"{hex_of(rng, 16)}:{customer}".encode()
    ),
    "hexadecimal id first": lambda rng, customer, clock_s: f"{customer:08x}{hex_of(rng, 12)}",
    "id last": lambda rng, customer, clock_s: f"{hex_of(rng, 16)}{customer:05d}",
    "id xor a constant": lambda rng, customer, clock_s: (
        f"{(customer * 2654435761 ^ 0x5DEECE66D) & 0xFFFFFFFF:08x}{hex_of(rng, 12)}"
    ),
    "sha256(id), 8 letters": lambda rng, customer, clock_s: (
        hashlib.sha256(str(customer).encode()).hexdigest()[:8] + hex_of(rng, 12)
    ),
    "keyed hash, 4 letters of 32": lambda rng, customer, clock_s: (
        keyed(customer, 4) + hex_of(rng, 14)
    ),
    "keyed hash, 2 letters of 32": lambda rng, customer, clock_s: (
        keyed(customer, 2) + hex_of(rng, 15)
    ),
    "JWT with sub, iat, jti": lambda rng, customer, clock_s: jwt(
        sub=customer, iat=int(clock_s), jti=hex_of(rng, 8)
    ),
    "base64(id:clock:random)": lambda rng, customer, clock_s: base64_of(
        f"{customer}:{clock_s:.6f}:{hex_of(rng, 8)}".encode()
    ),
    "name in hexadecimal first": lambda rng, customer, clock_s: (
        f"customer{customer % 500}".encode().hex() + hex_of(rng, 12)
    ),
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Draw the bursts, and print both tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--honest", type=int, default=100, help="bursts of each honest kind")
    parser.add_argument("--others", type=int, default=20, help="bursts of each other kind")
    given = parser.parse_args(arguments)
    plans = [log_ins(seed) for seed in range(PLANS)]
    print(f"| honest, {given.honest:,} bursts each | most z |\n|---|--:|")
    for name, make in HONEST.items():
        print(f"| {name} | {max(zs(name, make, plans, given.honest)):.1f} |", flush=True)
    print(f"\n| with its customer in it, {given.others:,} bursts each | least z |\n|---|--:|")
    for name, make in OF_CUSTOMERS.items():
        print(f"| {name} | {min(zs(name, make, plans, given.others)):.1f} |", flush=True)


def log_ins(seed: int) -> LogIns:
    """Those of a burst that are let in, as the kata plans them."""
    rng = Random(seed)
    flow = Flow("log_in", RATE_PER_S, LogInJourneys(People.draw(rng)).make)
    drawn = []
    for journey in Plan.of(seed, BURST_S, [flow]).journeys:
        about = journey.expect
        if about.to_be_refused:
            continue
        clicks = [ANSWERED_S, CLICKED_AGAIN_S] if about.kind == "double click" else [ANSWERED_S]
        drawn += [
            (about.person.id, journey.intended_s + click_s + rng.random() * 0.01)
            for click_s in clicks
        ]
    return drawn


def zs(name: str, make: Make, plans: Sequence[LogIns], count: int) -> Iterable[float]:
    """z of so many bursts, of one plan after another."""
    rng = Random(name)
    for number in range(count):
        yield likeness(
            [
                OwnedToken(make(rng, customer, BEGUN_S + at_s), customer, at_s)
                for customer, at_s in plans[number % len(plans)]
            ]
        ).z


if __name__ == "__main__":
    main()
