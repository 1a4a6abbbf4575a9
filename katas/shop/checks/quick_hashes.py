"""Finds what was made of a password and can be tried quickly, wherever it is kept. Pure.

It knows the plain password, and its digests by the functions of Python's hashlib that are made to
be fast, salted with what is known of the customer or stands in the same row, in hexadecimal,
base64, bytes or as a number, the first 64 bits being enough. A digest with a key that is kept
nowhere in the database looks like any random value and is not found.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

__all__ = ["QuickHashes", "Secret"]

BETWEEN = (b"", b":", b"$", b".")
PLAIN_KINDS = ("md5", "sha1", "sha256", "sha512", "sha3_256")
BLAKE2B_BYTES = (16, 32, 64)
HMAC_KINDS = ("md5", "sha1", "sha256", "sha512")
KEY_BYTES = 8  # so much of a digest is looked for
HEX = re.compile(r"[0-9a-fA-F]{16,}")
BASE64 = re.compile(r"[A-Za-z0-9+/_-]{11,}={0,2}")
MOST_SALTS = 8  # of a row


@dataclass(frozen=True, slots=True)
class Secret:
    """A customer's password, and what may be a salt: texts that are known of them."""

    customer: int
    password: str
    known: tuple[str, ...]  # address, name, the salt of the stored hash, …


class QuickHashes:
    """Of some customers. `found_in` looks at a row."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        self._secrets = {secret.customer: secret for secret in secrets}
        self._named: dict[str, Secret] = {}
        self._keys: dict[bytes, tuple[Secret, str]] = {}
        for secret in self._secrets.values():
            self._named |= {text.lower(): secret for text in secret.known if "@" in text}
            salts = [b"", str(secret.customer).encode()]
            salts += [salt for text in secret.known for salt in _as_salts(text)]
            for key, how in _keys(secret.password.encode(), salts, twice=True):
                self._keys.setdefault(key, (secret, how))

    def found_in(self, row: Mapping[str, Any]) -> str | None:
        """What is kept in a row of a table, in words; None if nothing is. Values as in JSON."""
        texts = [text for value in row.values() for text in _texts(value)]
        pieces = [piece for text in texts for piece in _pieces(text)]
        for piece in pieces:
            if (match := self._keys.get(piece[:KEY_BYTES])) is not None:
                return f"a {match[1]} of customer {match[0].customer}"
        for secret in self._owners(row, texts):
            if any(secret.password in text for text in texts):
                return f"the password itself of customer {secret.customer}"
            salts = [salt for text in texts for salt in _as_salts(text)][:MOST_SALTS]
            keys = dict(_keys(secret.password.encode(), salts))
            for piece in pieces:
                if (how := keys.get(piece[:KEY_BYTES])) is not None:
                    return f"a {how} of customer {secret.customer}"
        return None

    def _owners(self, row: Mapping[str, Any], texts: Iterable[str]) -> Iterator[Secret]:
        """Whose row it may be: whose number or address is in it."""
        for value in row.values():
            if isinstance(value, int) and value in self._secrets:
                yield self._secrets[value]
        for text in texts:
            if text.isdecimal() and len(text) < 9 and int(text) in self._secrets:
                yield self._secrets[int(text)]
            elif (secret := self._named.get(text.lower())) is not None:
                yield secret


def _keys(
    password: bytes, salts: Iterable[bytes], *, twice: bool = False
) -> Iterator[tuple[bytes, str]]:
    """The first bytes of each quick digest of a password, and its name."""
    for salt in dict.fromkeys(salts):
        salted = "{} of salt and password" if salt else "{} of the password"
        betweens = BETWEEN if salt else BETWEEN[:1]
        for between in betweens:
            for text in dict.fromkeys((password + between + salt, salt + between + password)):
                for name, digest in _digests(text):
                    yield digest[:KEY_BYTES], salted.format(name)
        if salt:
            for name in HMAC_KINDS:
                for key, text in ((salt, password), (password, salt)):
                    yield hmac.digest(key, text, name)[:KEY_BYTES], salted.format(f"HMAC-{name}")
    if twice:
        yield from _twice(password)


def _twice(password: bytes) -> Iterator[tuple[bytes, str]]:
    """The same of a digest of a digest, and of the password as it is."""
    for name, once in _digests(password):
        for text in (once, once.hex().encode()):
            for again, twice in _digests(text):
                yield twice[:KEY_BYTES], f"{again} of the {name} of the password"
    yield password[:KEY_BYTES], "copy of the password, in base64 or hexadecimal,"


def _digests(text: bytes) -> Iterator[tuple[str, bytes]]:
    """Each quick digest of a text, by its name."""
    for name in PLAIN_KINDS:
        yield name, hashlib.new(name, text, usedforsecurity=False).digest()
    for size in BLAKE2B_BYTES:
        yield "blake2b", hashlib.blake2b(text, digest_size=size).digest()
    yield "blake2s", hashlib.blake2s(text).digest()


def _texts(value: Any) -> Iterator[str]:
    """The texts within a value of JSON; numbers that may be digests among them."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, int) and abs(value) >= 1 << 48:
        yield f"{value % (1 << 64):016x}" if abs(value) < 1 << 64 else f"{abs(value):x}"


def _pieces(text: str) -> Iterator[bytes]:
    """What may be a digest in a text, as bytes."""
    compact = text.replace("-", "") if len(text) == 36 else text  # a UUID
    for match in HEX.findall(compact):
        even = match[: len(match) // 2 * 2]
        yield bytes.fromhex(even)
    for match in BASE64.findall(text):
        bare = match.rstrip("=")
        with suppress(ValueError):
            decoded = base64.b64decode(
                bare.replace("-", "+").replace("_", "/") + "=" * (-len(bare) % 4)
            )
            yield decoded
            if HEX.fullmatch(decoded.decode("latin-1")):
                yield bytes.fromhex(decoded.decode("latin-1")[: len(decoded) // 2 * 2])


def _as_salts(text: str) -> Iterator[bytes]:
    """A text as a salt: itself, in lower case, and each of its parts, as text and decoded."""
    if not text:
        return
    yield text.encode()
    if text.lower() != text:
        yield text.lower().encode()
    parts = re.split(r"[$:|.]", text)
    for part in parts if len(parts) > 1 else ():
        if part and len(part) < 200:
            yield part.encode()
    for part in parts:
        if len(part) >= 8:
            with suppress(ValueError):
                yield bytes.fromhex(part.removeprefix("\\x"))
