"""Passwords, hashed with scrypt."""

import hashlib
import hmac
import secrets

COST, BLOCK, LANES = 64, 8, 1  # low, so that the workshop runs on any laptop


def hash_password(password: str) -> str:
    """`scrypt$n$r$p$salt$hash`, salt and hash in hexadecimal digits."""
    salt = secrets.token_bytes(16)
    digest = _scrypt(password, salt, COST, BLOCK, LANES, 32)
    return f"scrypt${COST}${BLOCK}${LANES}${salt.hex()}${digest.hex()}"


def verify_password(password: str, stored: str) -> bool:
    """Whether the password is the one that the stored hash was made from."""
    _, n, r, p, salt, digest = stored.split("$")
    expected = bytes.fromhex(digest)
    actual = _scrypt(password, bytes.fromhex(salt), int(n), int(r), int(p), len(expected))
    return hmac.compare_digest(actual, expected)


def _scrypt(password: str, salt: bytes, n: int, r: int, p: int, length: int) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=n, r=r, p=p, dklen=length)
