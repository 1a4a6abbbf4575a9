"""The tokens of sessions: which can be guessed, and what is said of them."""

import hashlib
from base64 import urlsafe_b64encode
from random import Random

import pytest

from dojo.kata.contract import Finding
from katas.shop.checks.sessions import two_sessions
from katas.shop.checks.tokens import tokens_unguessable
from tests.support.log_in_visits import ANN, ShopThatKnows, visit


def hex_tokens(count: int = 100) -> list[str]:
    rng = Random(3)
    return [f"{rng.getrandbits(128):032x}" for _ in range(count)]


@pytest.mark.parametrize(
    "tokens",
    [
        pytest.param([f"{i:032d}" for i in range(1000, 1100)], id="counter"),
        pytest.param([f"{1700000000 + i // 20}.{i:06d}.{'x' * 16}" for i in range(99)], id="clock"),
        pytest.param([token[:12] for token in hex_tokens()], id="short"),
        pytest.param([f"{i * 7919 % 26000:05d}{'0' * 30}" for i in range(100)], id="customer"),
        pytest.param([f"{ANN.email}.{token}" for token in hex_tokens()], id="address"),
        pytest.param(
            [urlsafe_b64encode(f"{ANN.email}:{token}".encode()).decode() for token in hex_tokens()],
            id="address in base64",
        ),
        pytest.param(
            [f"{ANN.name.encode().hex()}.{token}" for token in hex_tokens()], id="name in hex"
        ),
    ],
)
def test_tokens_that_can_be_guessed(tokens: list[str]) -> None:
    """Counters, clocks, short ones and ones that name the customer fail."""
    assert judged(tokens).passed is False


def judged(tokens: list[str]) -> Finding:
    found = tokens_unguessable([visit(token) for token in tokens])
    assert found is not None
    return found


def test_digests_of_what_is_known_can_be_computed() -> None:
    """A digest looks random; made of customer and second without a key it is none."""
    date, second = "Thu, 01 Jan 2026 00:00:07 GMT", 1767225607
    seen = []
    for token in hex_tokens():
        one = visit(token)
        one.samples["log in"].headers["date"] = date
        seen.append(one)
    found = tokens_unguessable(seen)
    assert found is not None
    assert found.passed
    known = hashlib.sha256(f"{ANN.id}.{second}".encode()).hexdigest()
    seen[3].samples["log in"].headers["set-cookie"] = f"session={known}"
    found = tokens_unguessable(seen)
    assert found is not None
    assert not found.passed
    assert f"sha256 of '{ANN.id}.{second}'" in found.detail


def test_tokens_that_can_not() -> None:
    """Random ones of 128 bits pass in any alphabet, with a fixed part before them as well."""
    assert judged(hex_tokens()).passed
    assert judged([f"v1.{token}" for token in hex_tokens(20)]).passed
    assert judged([format(Random(i).getrandbits(128), "0128b") for i in range(50)]).passed
    assert tokens_unguessable([]) is None  # nothing to judge


@pytest.mark.parametrize(("count", "passed"), [(1, None), (15, None), (16, True)])
def test_few_tokens_are_not_judged(count: int, passed: bool | None) -> None:
    """Even good ones: how their letters vary can't be seen."""
    finding = judged(hex_tokens(count))
    assert finding.passed is passed
    if passed is None:
        assert finding.detail == f"{count} sessions are too few to judge; 16 are needed."


def test_what_is_said_of_tokens_is_what_was_counted() -> None:
    """Two log-ins with one session are not called different ones, here or by two_sessions."""
    shared = [*hex_tokens(20), *hex_tokens(20)[:3]]
    assert judged(shared).detail == (
        "20 different sessions in 23 log-ins, of 20 letters or more in which 64 bits or more vary"
        " at random, and no more alike for one customer than for two."
    )
    found = two_sessions([visit(token) for token in shared], (), ShopThatKnows(set()))
    assert not found.passed
    assert found.detail.startswith("6 of 23 log-ins got a session that another log-in got, too")
