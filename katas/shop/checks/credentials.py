"""Every password is kept as well as it was, and nowhere else."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from dojo import Finding, Site
from katas.shop.checks.kept_rows import rows_of_the_run
from katas.shop.checks.quick_hashes import QuickHashes, Secret
from katas.shop.checks.stored_hashes import cost_of, problem_of, salt_of, verifies
from katas.shop.expected.log_ins import LogInVisit
from katas.shop.scenarios.people import Person
from seed.dataset import password_hash
from seed.seller import is_legacy

__all__ = ["credentials_kept", "to_verify"]

VERIFIED = 60  # of the hashes that are not the seed's
VERIFIED_AT_LEAST = 4
VERIFIED_COST = 1 << 22  # scrypt's n × r × p, all together: some two seconds
SEARCHED = 80  # customers: what is kept for a share s of them is missed with (1 - s)^80


@dataclass(frozen=True, slots=True)
class _Stored:
    """A hash that is not the seed's, and the password that it must be of."""

    owner: str  # in a message
    text: str
    password: str


def credentials_kept(
    visits: Sequence[LogInVisit],
    beside: Iterable[Person],
    newcomers: Mapping[str, str],
    site: Site,
) -> Finding:
    """Every password is kept as well as it was, or better, and nothing quick is made of it.

    Only who logged in may have another hash than in the seed: those of `visits` and `beside`.
    `newcomers` are passwords by address.
    """
    visitors = {visit.about.person for visit in visits if visit.about.person is not None}
    people = {person.id: person for person in (*visitors, *beside)}
    hashes = list[_Stored]()
    problem = (
        _strangers_problem(people, site)
        or _seeded_problem(people, site, hashes)
        or _newcomers_problem(newcomers, site, hashes)
        or _salts_problem(hashes)
    )
    if problem:
        return Finding(False, problem)
    verified = to_verify([cost_of(each.text) for each in hashes])
    for stored in (hashes[place] for place in verified):
        if not verifies(stored.text, stored.password):
            detail = f"The password of {stored.owner} is lost: the stored hash is not of it."
            return Finding(False, detail)
    searched = Random().sample(sorted(people), min(SEARCHED, len(people)))
    if problem := _copies_problem([people[number] for number in searched], site):
        return Finding(False, problem)
    changed = len(hashes) - len(newcomers)
    return Finding(
        True,
        f"All passwords are kept as well as they were; {changed} of {len(people)} customers who"
        f" logged in have another hash, {len(newcomers)} newcomers had their purchase acknowledged,"
        f" and of these hashes {len(verified)} were verified. No table holds any of {len(searched)}"
        " passwords that were searched for, or a quick hash of one.",
    )


def to_verify(costs: Sequence[int]) -> list[int]:
    """The places of hashes to verify, drawn at random: as many as a few seconds are enough for."""
    chosen, spent = list[int](), 0
    for place in Random().sample(range(len(costs)), len(costs)):
        spent += costs[place]
        enough = len(chosen) >= VERIFIED_AT_LEAST and spent > VERIFIED_COST
        if enough or len(chosen) == VERIFIED:
            break
        chosen.append(place)
    return chosen


def _strangers_problem(people: Mapping[int, Person], site: Site) -> str | None:
    """What is wrong with the hashes of those who did not log in; they can't have changed."""
    before = site.seeded_rows["customers"]
    seed = {number: password_hash(number) for number in people}
    row = site.db.execute(
        "SELECT (SELECT coalesce(sum(hashtext(id || '|' || password_hash)), 0)::bigint"
        "  FROM customers WHERE id <= %(last)s AND id <> ALL (%(ids)s)),"
        " (SELECT coalesce(sum(hashtext(id || '|' || seeded)), 0)::bigint"
        "  FROM unnest(%(ids)s::int[], %(hashes)s::text[]) AS person (id, seeded))",
        {"last": before.last_id, "ids": list(seed), "hashes": list(seed.values())},
    ).fetchone()
    assert row is not None
    others, seeded = row
    if others + seeded == before.by_column["password_hash"]:
        return None
    return (
        "Passwords of customers who did not log in have another hash than they had. Nobody"
        " knows them, so nobody can make another hash of them."
    )


def _seeded_problem(people: Mapping[int, Person], site: Site, hashes: list[_Stored]) -> str | None:
    """A hash of someone who logged in that is weaker than it was; adds the others to `hashes`."""
    for number, stored in site.db.execute(
        "SELECT id, password_hash FROM customers WHERE id = ANY (%s) ORDER BY id", (list(people),)
    ):
        if stored == password_hash(number):
            continue
        person = people[number]
        owner = f"customer {number} ({person.email})"
        if problem := problem_of(stored, legacy=is_legacy(number)):
            return f"The password of {owner} is kept weaker than it was: {problem}."
        hashes.append(_Stored(owner, stored, person.password))
    return None


def _newcomers_problem(
    newcomers: Mapping[str, str], site: Site, hashes: list[_Stored]
) -> str | None:
    """A newcomer who is lost, or whose hash is weak; adds the others to `hashes`."""
    rows = site.db.execute(
        "SELECT lower(email), password_hash FROM customers WHERE lower(email) = ANY (%s)",
        ([email.lower() for email in newcomers],),
    ).fetchall()
    kept = {str(email): str(stored) for email, stored in rows}
    for email, password in newcomers.items():
        stored = kept.get(email.lower())
        if stored is None:
            return f"The new customer {email} was acknowledged, and is not in Postgres."
        if problem := problem_of(stored, legacy=False):
            return f"The password of the new customer {email} is kept too weakly: {problem}."
        hashes.append(_Stored(f"the new customer {email}", stored, password))
    return None


def _salts_problem(hashes: Iterable[_Stored]) -> str | None:
    """Two hashes with one salt, which can be tried together."""
    owners = dict[bytes, str]()
    for stored in hashes:
        salt = salt_of(stored.text)
        if salt in owners:
            return f"{stored.owner} and {owners[salt]} have the same salt; each needs its own."
        owners[salt] = stored.owner
    return None


def _copies_problem(people: Sequence[Person], site: Site) -> str | None:
    """Where something is kept that is made of a password of these and is quick to try."""
    stored = dict(
        site.db.execute(
            "SELECT id, password_hash FROM customers WHERE id = ANY (%s)",
            ([person.id for person in people],),
        ).fetchall()
    )
    quick = QuickHashes(_secrets(people, stored))
    for table, row in rows_of_the_run(site, [person.id for person in people]):
        if (what := quick.found_in(row)) is not None:
            return (
                f"Table {table} holds {what}. It can be tried millions of times a second, so that"
                " the slow hash protects nothing: keep nothing else that is made of a password."
            )
    return None


def _secrets(people: Iterable[Person], stored: Mapping[int, str]) -> Iterator[Secret]:
    for person in people:
        salt = stored.get(person.id, "").split("$")[-2:-1]
        known = (person.email.lower(), person.email, person.name, *salt)
        yield Secret(person.id, person.password, known)
