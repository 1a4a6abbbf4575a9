"""What must hold for the tokens of sessions: nobody can guess one."""

import hashlib
import math
from collections.abc import Sequence
from email.utils import parsedate_to_datetime
from itertools import pairwise, product

from dojo import Finding
from katas.shop.expected.log_ins import LogInVisit
from katas.shop.scenarios.people import Person

__all__ = ["tokens_unguessable"]

TOKEN_CHARACTERS = 20
TOKEN_BITS = 64.0  # OWASP's Session Management Cheat Sheet: at least 64 bits of entropy
TOKENS_AT_LEAST = 16
DERIVED = 20  # so many tokens are held against digests of what is known


def tokens_unguessable(visits: Sequence[LogInVisit]) -> Finding:
    """No session can be guessed from another, or from what is known of its customer."""
    owned = [(token, visit) for visit in visits for token in visit.tokens()]
    tokens = list(dict.fromkeys(token for token, _ in owned))
    if len(tokens) < TOKENS_AT_LEAST:
        detail = f"{len(tokens)} sessions are too few to judge; {TOKENS_AT_LEAST} are needed."
        return Finding(False, detail)
    problem = _weakness(tokens)
    for place, (token, visit) in enumerate(owned):
        person = visit.about.person
        if problem or person is None:
            break
        if _contains_credentials(token, person):
            problem = f"a session of {person.name} holds their address or password: {token[:60]!r}"
        elif place < DERIVED and (
            digest := _digest_of_known(
                token, person, visit.samples["log in"].headers.get("date", "")
            )
        ):
            problem = f"a session of {person.name} is the {digest}, and so can be computed"
    if problem:
        detail = (
            f"Of {len(tokens):,} sessions: {problem}. None may be guessed; Python's secrets module"
            " makes tokens that can't be."
        )
        return Finding(False, detail)
    detail = (
        f"{len(tokens):,} sessions, each of its own and of at least {TOKEN_CHARACTERS} letters."
    )
    return Finding(True, detail)


def _weakness(tokens: Sequence[str]) -> str | None:
    shortest = min(tokens, key=len)
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
    text = token.lower()
    return any(part.lower() in text for part in (person.email, person.password))


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
