"""What must hold for the tokens of sessions: nobody can guess one."""

import base64
import hashlib
import math
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from email.utils import parsedate_to_datetime
from itertools import pairwise, product

from dojo import Finding
from katas.shop.checks.token_likeness import ALIKE_FROM, OwnedToken, likeness
from katas.shop.expected.log_ins import LogInVisit
from katas.shop.scenarios.people import Person

__all__ = ["tokens_unguessable"]

TOKEN_CHARACTERS = 20
TOKEN_BITS = 64.0  # OWASP's Session Management Cheat Sheet: at least 64 bits of entropy
TOKENS_AT_LEAST = 16
DERIVED = 20  # so many tokens are held against digests of what is known


def tokens_unguessable(visits: Sequence[LogInVisit]) -> Finding | None:
    """No session can be guessed from another, or from what is known of its customer.

    None if no session was given out. Whether each log-in got its own is for `two_sessions` to say.
    """
    owned = [(token, visit) for visit in visits for token in visit.tokens()]
    tokens = list(dict.fromkeys(token for token, _ in owned))
    if not tokens:
        return None
    if len(tokens) < TOKENS_AT_LEAST:
        detail = f"{len(tokens)} sessions are too few to judge; {TOKENS_AT_LEAST} are needed."
        return Finding(None, detail)
    problem = _weakness(tokens) or _known_part(owned) or _customers_part(visits)
    if problem:
        detail = (
            f"Of {len(tokens):,} sessions: {problem}. None may be guessed; Python's secrets module"
            " makes tokens that can't be."
        )
        return Finding(False, detail)
    return Finding(
        True,
        f"{len(tokens):,} different sessions in {len(owned):,} log-ins, of {TOKEN_CHARACTERS}"
        f" letters or more in which {TOKEN_BITS:.0f} bits or more vary at random, and no more alike"
        " for one customer than for two.",
    )


def _known_part(owned: Sequence[tuple[str, LogInVisit]]) -> str | None:
    """A token that holds what its customer types, or is a plain digest of what is known."""
    for place, (token, visit) in enumerate(owned):
        person = visit.about.person
        if person is None:
            continue
        if _contains_credentials(token, person):
            return f"a session of {person.name} holds their address or password: {token[:60]!r}"
        date = visit.samples["log in"].headers.get("date", "")
        if place < DERIVED and (digest := _digest_of_known(token, person, date)):
            return f"a session of {person.name} is the {digest}, and so can be computed"
    return None


def _customers_part(visits: Sequence[LogInVisit]) -> str | None:
    """Letters that one customer's sessions have in common, and different customers' have not."""
    by_text = {  # one that two log-ins were given is no two sessions
        text: OwnedToken(text, visit.about.person.id, sample.done_s)
        for visit in visits
        if visit.about.person is not None
        for name, text in visit.tokens_by_step().items()
        if (sample := visit.samples[name]).done_s is not None
    }
    owned = list(by_text.values())
    for tokens in (owned, [replace(token, text=token.text[::-1]) for token in owned]):
        result = likeness(tokens)
        if result.z >= ALIKE_FROM and result.example is not None:
            first, second = (token.text for token in result.example)
            if tokens is not owned:
                first, second = first[::-1], second[::-1]
            return (
                f"two of one customer have {result.same_customer:.1f} letters in common at the same"
                f" places, two of different customers {result.different_customers:.1f}, so"
                f" something of the customer is in them (on average of {result.pairs} pairs;"
                f" {first[:60]!r} and {second[:60]!r} are of one)"
            )
    return None


def _weakness(tokens: Sequence[str]) -> str | None:
    shortest = min((token.strip('"') for token in tokens), key=len)
    if len(shortest) < TOKEN_CHARACTERS:
        return f"{shortest!r} has {len(shortest)} letters; it must have at least {TOKEN_CHARACTERS}"
    if (bits := _bits(tokens)) < TOKEN_BITS:
        return (
            f"they differ in {bits:.0f} bits only; they must differ in at least {TOKEN_BITS:.0f}"
            f" ({tokens[0][:40]!r} and {tokens[1][:40]!r} are two of them)"
        )
    return None


def _bits(tokens: Sequence[str]) -> float:
    """At most so many bits are unknown: over the places, the entropy of the letters there.

    A place counts for nothing if its letter changes from token to token more seldom than letters
    drawn at random would, as in a counter or a clock.
    """
    total = 0.0
    for place in zip(*(token.ljust(TOKEN_CHARACTERS) for token in tokens), strict=False):
        shares = [place.count(letter) / len(place) for letter in set(place)]
        changes = sum(letter != following for letter, following in pairwise(place)) / (
            len(place) - 1
        )
        if changes > 0.5 * (1 - math.fsum(share * share for share in shares)):
            total -= math.fsum(share * math.log2(share) for share in shares)
    return total


def _contains_credentials(token: str, person: Person) -> bool:
    """Plain, in base64 or in hexadecimal, in the whole or in a part of the token."""
    known = [person.email.lower(), person.name.lower(), person.password.lower()]
    return any(part in text for text in _readings(token) for part in known)


def _readings(token: str) -> list[str]:
    """What a token says as it is, and each of its parts decoded."""
    texts = [token]
    for part in {token, *re.split(r"[.:|~$]", token)}:
        with suppress(ValueError):
            texts.append(bytes.fromhex(part).decode(errors="replace"))
        with suppress(ValueError):
            padded = part.strip('"').rstrip("=") + "=" * (-len(part.strip('"').rstrip("=")) % 4)
            decoded = base64.b64decode(padded, altchars=b"-_", validate=True)
            texts.append(decoded.decode(errors="replace"))
    return [text.lower() for text in texts]


def _digest_of_known(token: str, person: Person, date: str) -> str | None:
    """What a token is the plain digest of, if of the customer and the second alone."""
    try:
        second = int(parsedate_to_datetime(date).timestamp())
    except (TypeError, ValueError):
        second = 0
    moments = ["", *(str(second + late) for late in (-1, 0, 1))]
    for who, moment, between in product((str(person.id), person.email), moments, ("", *":.-_|")):
        for text in (f"{who}{between}{moment}", f"{moment}{between}{who}"):
            for kind in ("md5", "sha1", "sha256"):
                if hashlib.new(kind, text.encode(), usedforsecurity=False).hexdigest() == token:
                    return f"{kind} of {text!r}"
    return None
