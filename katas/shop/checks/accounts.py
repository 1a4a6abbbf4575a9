"""What must hold for log-ins that are none: they are refused, and nobody learns from it."""

import secrets
from collections.abc import Iterable, Sequence

from dojo import Finding, Site
from katas.shop.checks.browser import Browser
from katas.shop.expected.log_ins import LogInVisit
from katas.shop.scenarios.log_ins import COOKIE, REFUSED
from katas.shop.scenarios.people import People, Person

__all__ = ["bad_input_refused", "refusals_alike", "wrong_refused"]


def refusals_alike(visits: Sequence[LogInVisit]) -> Finding:
    """Nobody can learn from a refusal whether there is a customer of that address."""
    kinds_by_body: dict[bool, dict[bytes, str]] = {False: {}, True: {}}
    kinds: set[str] = set()
    count = 0
    for visit in visits:
        sample = visit.samples.get("refused")
        if sample is not None and sample.status == 401 and sample.done_s is not None:
            count += 1
            kinds.add(visit.about.kind)
            kinds_by_body[visit.about.as_json].setdefault(sample.body, visit.about.kind)
    for as_json, bodies in kinds_by_body.items():
        if len(bodies) > 1:
            first, second = list(bodies)[:2]
            parts = " and ".join(
                f"{bodies[body]}: …{_part(body, first, second)!r}…" for body in (first, second)
            )
            return Finding(
                False,
                f"{count} refusals to {'JSON' if as_json else 'a form'} had {len(bodies)} different"
                f" bodies; they must be one and the same. {parts}.",
            )
    if len(kinds) < 2:
        return Finding(
            None,
            f"Refusals that can be compared: {count}, none of them for"
            f" {' or '.join(f'{kind!r}' for kind in REFUSED if kind not in kinds)}; both kinds are"
            " needed.",
        )
    return Finding(True, f"{count} refusals were alike, for wrong passwords and unknown addresses.")


def _part(body: bytes, first: bytes, second: bytes) -> str:
    """Some text of a body around the first place where the two differ."""
    pairs = zip(first, second, strict=False)
    at = next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(first), len(second)))
    return body[max(0, at - 20) : at + 40].decode(errors="replace")


def wrong_refused(people: People, site: Site) -> Finding:
    """Credentials that nobody has ever sent before are refused, whatever kind of customer it is."""
    count = 0
    for person in (people.modern[0], people.shared[0], people.legacy[0], people.mixed_case[0]):
        for email, password in _wrong(person, people.modern[1]):
            count += 1
            browser = Browser(site)
            status = browser.log_in(email, password, as_json=count % 2 == 0).status_code
            if status != 401 or browser.session:
                detail = (
                    f"{email} with the password {password!r} got {status}"
                    f"{' and a session' if browser.session else ''}; every wrong one must get"
                    f" 401. The right one is {person.password!r}, of {person.email}."
                )
                return Finding(False, detail)
    detail = f"All {count} log-ins with wrong credentials were refused."
    return Finding(True, detail)


def _wrong(person: Person, another: Person) -> Iterable[tuple[str, str]]:
    """(address, password) of log-ins that come close to a person's, and are not right."""
    right = person.password
    for password in (
        f"pw-{secrets.token_hex(6)}",
        another.password,
        right.upper(),
        right[:-1],
        f"{right}x",
        right[:8],
    ):
        yield person.email, password
    yield f"_{person.email[1:]}", right
    yield f"%{person.email[5:]}", right
    yield f"x{person.email}", right


def bad_input_refused(person: Person, site: Site) -> Finding:
    """What can't be a log-in or a session gets a clear 4xx, never a 5xx."""
    form = {"content-type": "application/x-www-form-urlencoded"}
    json = {"content-type": "application/json"}
    large = b"email=a%40example.com&password=" + b"x" * 8192
    deep = b'{"email": ' + b"[" * 2000
    wrong: list[tuple[str, str, str, dict[str, str], bytes]] = [
        ("a body that is no JSON", "POST", "/login", json, b"{email"),
        ("JSON of another shape", "POST", "/login", json, b'["email", "password"]'),
        ("JSON that is very deep", "POST", "/login", json, deep),
        ("JSON without a password", "POST", "/login", json, b'{"email": "a@example.com"}'),
        ("a number for a password", "POST", "/login", json, b'{"email": "a@b.c", "password": 1}'),
        ("a form without fields", "POST", "/login", form, b""),
        ("a form twice as large as it should be", "POST", "/login", form, large),
        ("a NUL in an address", "POST", "/login", form, b"email=a%00%40b.c&password=12345678"),
        ("odd bytes in a password", "POST", "/login", form, b"email=a%40b.c&password=%ff%fe"),
        ("no session", "GET", "/me", {}, b""),
        ("a session that isn't one", "GET", "/me", {"cookie": f"{COOKIE}=nonsense"}, b""),
        ("a session with odd bytes", "GET", "/me", {"cookie": f'{COOKIE}="\\000\\377"'}, b""),
        ("a very long session", "GET", "/me", {"cookie": f"{COOKIE}={'x' * 4000}"}, b""),
        ("a customer's id as session", "GET", "/me", {"cookie": f"{COOKIE}={person.id}"}, b""),
    ]
    site.http.cookies.clear()
    for what, method, path, headers, body in wrong:
        status = site.http.request(method, path, headers=headers, content=body).status_code
        if not 400 <= status < 500:
            detail = f"{method} {path} with {what} got {status}; it must be a 4xx."
            return Finding(False, detail)
    detail = f"All {len(wrong)} requests that make no sense got a 4xx."
    return Finding(True, detail)
