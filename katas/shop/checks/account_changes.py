"""What another program of the shop changes about a customer counts at the next log-in."""

import secrets
from dataclasses import replace

from dojo import Finding, Site
from katas.shop.checks.browser import Browser
from katas.shop.checks.stored_hashes import hash_of
from katas.shop.scenarios.people import Person

__all__ = ["new_password_counts"]


def new_password_counts(person: Person, site: Site) -> Finding | None:
    """Name and password are changed in Postgres: the old password is refused, the new one lets in.

    None if the person was not let in before. Afterwards both are as they were.
    """
    if not _let_in(person, site):
        return None
    (before,) = site.db.execute(
        "SELECT name, password_hash FROM customers WHERE id = %s", (person.id,)
    ).fetchall()
    tag = secrets.token_hex(6)
    changed = replace(person, name=f"New {tag}", password=f"pw-{tag}")
    update = "UPDATE customers SET name = %s, password_hash = %s WHERE id = %s"
    site.db.execute(update, (changed.name, hash_of(changed.password), person.id))
    try:
        problem = _problem(person, changed, site)
    finally:
        site.db.execute(update, (*before, person.id))
    if problem:
        return Finding(False, f"Another program gave {person.email} {problem}")
    return Finding(
        True,
        "After another program had given a customer a new name and a new password, the old password"
        " was refused and the new one accepted.",
    )


def _let_in(person: Person, site: Site) -> bool:
    browser = Browser(site)
    browser.log_in(person.email, person.password)
    return browser.session is not None and browser.is_known_as(person)


def _problem(person: Person, changed: Person, site: Site) -> str:
    """What is wrong with the log-ins after the change; "" if nothing is."""
    for as_json in (True, False):
        browser = Browser(site)
        status = browser.log_in(person.email, person.password, as_json=as_json).status_code
        if status != 401 or browser.session:
            return (
                f"a new password, and the old one still got {status}"
                f"{' and a session' if browser.session else ''}; it must get 401 from then on."
            )
        browser = Browser(site)
        status = browser.log_in(person.email, changed.password, as_json=as_json).status_code
        if status >= 400 or not browser.session:
            return f"a new password, and it got {status}; from then on it must let them in."
        if not browser.is_known_as(changed):
            return f"the name {changed.name!r}, and GET /me does not say so after a new log-in."
    return ""
