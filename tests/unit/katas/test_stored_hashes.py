"""Stored passwords."""

import base64
import hashlib

import pytest

from katas.shop.checks.stored_hashes import problem_of, verifies
from seed.dataset import password, password_hash

MODERN, LEGACY = 8, 7  # customers of the seed
ARGON2 = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQxMjM0$" + "A" * 43


def scrypt(n: int = 64, r: int = 8, p: int = 1, salt: bytes = b"s" * 16, length: int = 32) -> str:
    digest = hashlib.scrypt(b"secret", salt=salt, n=n, r=r, p=p, dklen=length)
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


@pytest.mark.parametrize("stored", [scrypt(), scrypt(16384), scrypt(64, 8, 2), ARGON2])
def test_as_strong_or_stronger_is_fine(stored: str) -> None:
    """Costs may rise, and argon2 is known by its parameters."""
    assert problem_of(stored, legacy=False) is None


@pytest.mark.parametrize(
    ("stored", "words"),
    [
        (scrypt(32), "at least"),
        (scrypt(64, 4), "at least"),
        (scrypt(2, 1, 1), "at least"),
        (scrypt(salt=b"s"), "salt of 1"),
        (scrypt(length=8), "a hash of 8 bytes"),
        (pbkdf2(99_999), "99,999 rounds"),
        (ARGON2.replace("65536", "32"), "32 KiB"),
        ("sha256$" + "0" * 64, "not known"),
        ("plain$secret", "not known"),
        ("secret", "not known"),
        ("", "not known"),
        ("$2b$12$" + "x" * 53, "not known"),
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


def test_argon2_can_not_be_verified_here() -> None:
    """That is said, and not taken for right or wrong."""
    assert verifies(ARGON2, "secret") is None
