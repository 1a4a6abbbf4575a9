"""Stored passwords, judged without the app: is the hash strong enough, and is the password right?

It knows `scrypt$n$r$p$salt$hash` (hexadecimal), `pbkdf2_sha256$rounds$salt$hash` (base64), and of
argon2's PHC strings the parameters. What it does not know it refuses.
"""

import base64
import hashlib
import hmac
import re

__all__ = ["problem_of", "verifies"]

SCRYPT = (64, 8, 1)  # n, r, p of the seed: as low as may be
SCRYPT_BYTES = 1 << 26  # the most memory that a check may take
PBKDF2_KEPT, PBKDF2_NEW = 600, 100_000  # rounds: of the earlier system; for anybody else
SALT_BYTES, DIGEST_BYTES = 8, 16
ARGON2 = re.compile(
    r"\$argon2(?:id|i)\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)"
)
ARGON2_KIB = 64  # what scrypt's parameters above need, too


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
        elif kind == "pbkdf2_sha256":
            rounds, salt, digest = _pbkdf2_parts(stored)
            least = PBKDF2_KEPT if legacy else PBKDF2_NEW
            if rounds < least:
                return f"pbkdf2_sha256 with {rounds:,} rounds; it must be at least {least:,}"
        elif match := ARGON2.fullmatch(stored):
            memory, passes, lanes = (int(match[i]) for i in (1, 2, 3))
            salt, digest = (_unpadded(match[i]) for i in (4, 5))
            if memory < ARGON2_KIB or passes < 1 or lanes < 1:
                return f"argon2 with {memory} KiB; it must be at least {ARGON2_KIB} KiB"
        else:
            shown = re.sub(r"[0-9A-Za-z+/=]{9,}", "…", stored[:80])
            return (
                f"a hash of the form {shown!r}, which is not known: it can be"
                " scrypt$n$r$p$salt$hash, pbkdf2_sha256$rounds$salt$hash or $argon2id$…"
            )
    except ValueError:
        return f"a {kind} hash that can't be read"
    if len(salt) < SALT_BYTES or len(digest) < DIGEST_BYTES:
        return (
            f"{kind} with a salt of {len(salt)} and a hash of {len(digest)} bytes;"
            f" it must be at least {SALT_BYTES} and {DIGEST_BYTES}"
        )
    return None


def verifies(stored: str, password: str) -> bool | None:
    """Whether the hash is of the password; None where that can't be computed here (argon2)."""
    kind = stored.split("$")[0]
    try:
        if kind == "scrypt":
            (n, r, p), salt, digest = _scrypt_parts(stored)
            digest_of_password = hashlib.scrypt(
                password.encode(), salt=salt, n=n, r=r, p=p, dklen=len(digest), maxmem=SCRYPT_BYTES
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
    return None if ARGON2.fullmatch(stored) else False


def _scrypt_parts(stored: str) -> tuple[tuple[int, int, int], bytes, bytes]:
    _, n, r, p, salt, digest = stored.split("$")
    return (int(n), int(r), int(p)), bytes.fromhex(salt), bytes.fromhex(digest)


def _pbkdf2_parts(stored: str) -> tuple[int, bytes, bytes]:
    _, rounds, salt, digest = stored.split("$")
    return int(rounds), salt.encode(), base64.b64decode(digest, validate=True)


def _unpadded(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
