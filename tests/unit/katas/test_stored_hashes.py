"""Stored passwords."""

import base64
import hashlib

import pytest

from katas.shop.checks.credentials import to_verify
from katas.shop.checks.stored_hashes import cost_of, problem_of, verifies
from seed.dataset import password, password_hash

MODERN, LEGACY = 8, 7  # customers of the seed
ARGON2 = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQxMjM0$" + "A" * 43


def scrypt(n: int = 64, r: int = 8, p: int = 1, salt: bytes = b"s" * 16, length: int = 32) -> str:
    digest = hashlib.scrypt(b"secret", salt=salt, n=n, r=r, p=p, dklen=length, maxmem=1 << 28)
    return f"scrypt${n}${r}${p}${salt.hex()}${digest.hex()}"


def pbkdf2(rounds: int) -> str:
    digest = hashlib.pbkdf2_hmac("sha256", b"secret", b"saltsalt", rounds)
    return f"pbkdf2_sha256${rounds}$saltsalt${base64.b64encode(digest).decode()}"


@pytest.mark.parametrize("customer", [MODERN, LEGACY])
def test_the_seeds_own_hashes_are_right(customer: int) -> None:
    """What the seed has is strong enough for its customers and verifies their passwords alone."""
    stored = password_hash(customer)
    assert problem_of(stored, legacy=customer == LEGACY) is None
    assert verifies(stored, password(customer)) is True
    assert verifies(stored, password(customer + 1)) is False
    assert verifies(stored, "") is False


@pytest.mark.parametrize("stored", [scrypt(), scrypt(1 << 16), scrypt(64, 8, 2), pbkdf2(600_000)])
def test_as_strong_or_stronger_is_fine(stored: str) -> None:
    """Costs may rise, and what they need is given to who verifies."""
    assert problem_of(stored, legacy=False) is None
    assert verifies(stored, "secret")
    assert not verifies(stored, "secrets")


def test_what_the_readme_recommends_is_fine() -> None:
    """scrypt with n = 2^17 is no lost password: it needs 128 MB, and gets it."""
    stored = scrypt(1 << 17)
    assert problem_of(stored, legacy=False) is None
    assert verifies(stored, "secret")
    assert cost_of(stored) == 1 << 20


@pytest.mark.parametrize(
    ("costs", "least", "most"),
    [([], 0, 0), ([512] * 500, 60, 60), ([1 << 20] * 50, 4, 4), ([1 << 20] * 3, 3, 3)],
)
def test_dear_hashes_are_verified_by_sample(costs: list[int], least: int, most: int) -> None:
    """Sixty cheap ones, four of the dearest, and never one twice."""
    chosen = to_verify(costs)
    assert least <= len(chosen) <= most
    assert len(set(chosen)) == len(chosen)


def test_every_hash_may_be_the_one_that_is_verified() -> None:
    """Who knew which are left out could lose those."""
    assert len({place for _ in range(200) for place in to_verify([1 << 20] * 20)}) == 20


@pytest.mark.parametrize(
    ("stored", "words"),
    [
        (scrypt(32), "at least"),
        (scrypt(64, 4), "at least"),
        (scrypt(2, 1, 1), "at least"),
        (scrypt(salt=b"s"), "salt of 1"),
        (scrypt(length=8), "a hash of 8 bytes"),
        (pbkdf2(99_999), "99,999 rounds"),
        (scrypt().replace("$64$", "$1048576$"), "can verify"),
        (scrypt().replace("$64$", "$ 64$"), "can't be read"),
        (scrypt().replace("$64$", "$6_4$"), "can't be read"),
        (pbkdf2(100_000).replace("100000", "9000000"), "at most"),
        (ARGON2, "can't be verified"),  # nothing here can tell it from a random text
        ("sha256$" + "0" * 64, "can't be verified"),
        ("plain$secret", "can't be verified"),
        ("secret", "can't be verified"),
        ("", "can't be verified"),
        ("$2b$12$" + "x" * 53, "can't be verified"),
        ("scrypt$64$8$1$nothex$nothex", "can't be read"),
        ("scrypt$64$8", "can't be read"),
        ("pbkdf2_sha256$many$salt$AAAA", "can't be read"),
    ],
)
def test_weaker_or_unknown_is_refused(stored: str, words: str) -> None:
    """Cheaper parameters, short salts and other formats are named as what they are."""
    problem = problem_of(stored, legacy=False)
    assert problem is not None
    assert words in problem


def test_only_who_came_with_it_may_keep_few_rounds() -> None:
    """The earlier system's 600 rounds are right for its customers and for nobody else."""
    assert problem_of(pbkdf2(600), legacy=True) is None
    assert problem_of(pbkdf2(599), legacy=True) is not None
    assert problem_of(pbkdf2(600), legacy=False) is not None


def test_a_message_shows_no_secret() -> None:
    """Of a hash that is not known only its form is told."""
    problem = problem_of("md5$0123456789abcdef0123456789abcdef", legacy=False)
    assert problem is not None
    assert "0123456789" not in problem


@pytest.mark.parametrize(
    "stored", ["", "nonsense", "scrypt$1$1$1$00$00", "scrypt$64$8$1$zz$00", "pbkdf2_sha256$x$y$z"]
)
def test_what_can_not_be_read_verifies_nothing(stored: str) -> None:
    """Tampered hashes are no match, and no exception."""
    assert verifies(stored, "secret") is False
