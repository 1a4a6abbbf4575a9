"""What is made of a password, and quick to try, is found wherever a row hides it."""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest

from katas.shop.checks.quick_hashes import QuickHashes, Secret
from seed.dataset import password_hash

ANN = Secret(8, "pw-0123456789ab", ("ann.lee.8@example.com", "Ann Lee", "c0ffee00c0ffee00"))
BOB = Secret(9, "pw-ba9876543210", ("bob.ray.9@example.com", "Bob Ray"))
QUICK = QuickHashes([ANN, BOB])
PASSWORD = ANN.password.encode()


EIGHT_BYTES = bytes.fromhex("0001020300010203")


def md5(text: bytes) -> bytes:
    return hashlib.md5(text, usedforsecurity=False).digest()


def sha256(text: bytes) -> bytes:
    return hashlib.sha256(text).digest()


@pytest.mark.parametrize(
    "row",
    [
        {"quick": sha256(PASSWORD).hex()},
        {"quick": f"sha256${sha256(PASSWORD).hex()}"},
        {"quick": sha256(PASSWORD).hex()[:16]},
        {"quick": "\\x" + md5(PASSWORD).hex()},
        {
            "quick": base64.b64encode(
                hashlib.sha1(PASSWORD, usedforsecurity=False).digest()
            ).decode()
        },
        {"quick": base64.urlsafe_b64encode(hashlib.blake2b(PASSWORD).digest()).decode()},
        {"quick": hashlib.blake2b(PASSWORD, digest_size=16).hexdigest()},
        {"quick": hashlib.sha3_256(PASSWORD).hexdigest()},
        {"quick": sha256(b"8:" + PASSWORD).hex()},
        {"quick": sha256(PASSWORD + b"ann.lee.8@example.com").hex()},
        {"quick": sha256(bytes.fromhex("c0ffee00c0ffee00") + PASSWORD).hex()},
        {"quick": hmac.digest(b"Ann Lee", PASSWORD, "sha256").hex()},
        {"quick": sha256(sha256(PASSWORD).hex().encode()).hex()},
        {"of": 8, "salt": "Zk3-xq", "quick": sha256(b"Zk3-xq" + PASSWORD).hex()},
        {"of": 8, "quick": f"0001020300010203${sha256(EIGHT_BYTES + PASSWORD).hex()}"},
        {"email": "Ann.Lee.8@example.com", "salt": "ab12", "q": sha256(PASSWORD + b"ab12").hex()},
        {"password_hash": f"scrypt$64$8$1${sha256(PASSWORD).hex()}$" + "0" * 64},
        {"data": {"seen": [{"check": sha256(PASSWORD).hex()}]}},
        {"quick": str(UUID(bytes=md5(PASSWORD)))},
        {"number": int.from_bytes(sha256(PASSWORD)[:8], "big", signed=True)},
        {"of": 8, "plain": ANN.password},
        {"of": "8", "plain": json.dumps({"password": ANN.password})},
        {"hidden": base64.b64encode(PASSWORD).decode()},
        {"hidden": PASSWORD.hex()},
    ],
)
def test_found(row: dict[str, Any]) -> None:
    """Plain or hashed, salted or twice, in whatever writing: it is said whose it is."""
    found = QUICK.found_in(row)
    assert found is not None
    assert "of customer 8" in found


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"token": secrets.token_urlsafe(32), "customer_id": 8},
        {"token": sha256(b"another").hex(), "customer_id": 8},
        {"id": 8, "password_hash": password_hash(8), "email": "ann.lee.8@example.com"},
        {"id": 7, "password_hash": password_hash(7), "name": None, "flags": [True, 1.5]},
        {"body": "Tidy solid bright (0123456789ab).", "id": 150_001, "stars": 5},
        {"quick": sha256(b"somebody else").hex(), "of": 8},
    ],
)
def test_nothing_found(row: Mapping[str, Any]) -> None:
    """Sessions, slow hashes and what customers write are no copies of a password."""
    assert QUICK.found_in(row) is None
