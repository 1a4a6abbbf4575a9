"""Stored passwords, judged without the app: is the hash strong enough, and is the password right?

It knows `scrypt$n$r$p$salt$hash` (hexadecimal) and `pbkdf2_sha256$rounds$salt$hash` (base64), which
Python's own library can verify. What it can't verify it refuses: argon2, for which nothing is
installed, could be any text of that form.
"""

import base64
import hashlib
import hmac
import re
import secrets

__all__ = ["cost_of", "hash_of", "problem_of", "salt_of", "verifies"]

SCRYPT = (64, 8, 1)  # n, r, p of the seed: as low as may be
SCRYPT_MOST = 1 << 21  # n × r, twice what OWASP recommends: 256 MB of memory to verify one
SCRYPT_LANES = 16  # p
PBKDF2_KEPT, PBKDF2_NEW = 600, 100_000  # rounds: of the earlier system; for anybody else
PBKDF2_MOST = 2_000_000
SALT_BYTES, DIGEST_BYTES = 8, 16
NUMBER = re.compile(r"[1-9][0-9]{0,9}")
HEX = re.compile(r"(?:[0-9a-fA-F]{2})*")


def problem_of(stored: str, *, legacy: bool) -> str | None:
    """What is wrong with the way in which a password is kept; None if nothing is.

    `legacy`: its customer came from the earlier system and may be as they were.
    """
    kind = stored.split("$")[0]
    try:
        if kind == "scrypt":
            cost, salt, digest = _scrypt_parts(stored)
            if any(given < least for given, least in zip(cost, SCRYPT, strict=True)):
                return f"scrypt with n, r, p = {cost}; it must be at least {SCRYPT}"
            if cost[0] * cost[1] > SCRYPT_MOST or cost[2] > SCRYPT_LANES:
                return (
                    f"scrypt with n, r, p = {cost}; the grader can verify n * r up to"
                    f" {SCRYPT_MOST:,} and p up to {SCRYPT_LANES}"
                )
        elif kind == "pbkdf2_sha256":
            rounds, salt, digest = _pbkdf2_parts(stored)
            least = PBKDF2_KEPT if legacy else PBKDF2_NEW
            if not least <= rounds <= PBKDF2_MOST:
                return (
                    f"pbkdf2_sha256 with {rounds:,} rounds; it must be at least {least:,}"
                    f" (and at most {PBKDF2_MOST:,})"
                )
        else:
            shown = re.sub(r"[0-9A-Za-z+/=]{9,}", "…", stored[:80])
            return (
                f"a hash of the form {shown!r}, which can't be verified: it can be"
                " scrypt$n$r$p$salt$hash or pbkdf2_sha256$rounds$salt$hash"
            )
    except ValueError:
        return f"a {kind} hash that can't be read"
    if len(salt) < SALT_BYTES or len(digest) < DIGEST_BYTES:
        return (
            f"{kind} with a salt of {len(salt)} and a hash of {len(digest)} bytes;"
            f" it must be at least {SALT_BYTES} and {DIGEST_BYTES}"
        )
    return None


def hash_of(password: str) -> str:
    """A new hash, as strong as the seed's."""
    (n, r, p), salt = SCRYPT, secrets.token_bytes(16)
    digest = hashlib.scrypt(password.encode(), salt=salt, n=n, r=r, p=p, dklen=32)
    return f"scrypt${n}${r}${p}${salt.hex()}${digest.hex()}"


def verifies(stored: str, password: str) -> bool:
    """Whether the hash is of the password. Its memory is that of its own parameters."""
    kind = stored.split("$")[0]
    try:
        if kind == "scrypt":
            (n, r, p), salt, digest = _scrypt_parts(stored)
            digest_of_password = hashlib.scrypt(
                password.encode(),
                salt=salt,
                n=n,
                r=r,
                p=p,
                dklen=len(digest),
                maxmem=128 * r * (n + p + 2) + (1 << 16),
            )
            return hmac.compare_digest(digest_of_password, digest)
        if kind == "pbkdf2_sha256":
            rounds, salt, digest = _pbkdf2_parts(stored)
            digest_of_password = hashlib.pbkdf2_hmac(
                "sha256", password.encode(), salt, rounds, len(digest)
            )
            return hmac.compare_digest(digest_of_password, digest)
    except ValueError:
        return False
    return False


def cost_of(stored: str) -> int:
    """What it costs to verify a hash without a problem: n × r × p, or rounds, 0.4 µs each."""
    if stored.startswith("scrypt"):
        n, r, p = _scrypt_parts(stored)[0]
        return n * r * p
    return _pbkdf2_parts(stored)[0]


def salt_of(stored: str) -> bytes:
    """The salt of a hash without a problem."""
    return _scrypt_parts(stored)[1] if stored.startswith("scrypt") else _pbkdf2_parts(stored)[1]


def _scrypt_parts(stored: str) -> tuple[tuple[int, int, int], bytes, bytes]:
    _, n, r, p, salt, digest = stored.split("$")
    return (_number(n), _number(r), _number(p)), _from_hex(salt), _from_hex(digest)


def _pbkdf2_parts(stored: str) -> tuple[int, bytes, bytes]:
    _, rounds, salt, digest = stored.split("$")
    return _number(rounds), salt.encode(), base64.b64decode(digest, validate=True)


def _number(text: str) -> int:
    """As it is written in a hash: int() would also take spaces, signs and underscores."""
    if not NUMBER.fullmatch(text):
        raise ValueError(text)
    return int(text)


def _from_hex(text: str) -> bytes:
    """The same: fromhex() would also take spaces."""
    if not HEX.fullmatch(text):
        raise ValueError(text)
    return bytes.fromhex(text)
