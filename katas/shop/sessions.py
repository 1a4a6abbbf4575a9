"""What must hold for sessions: each is its customer's, is kept, and lives until its log-out."""

from collections.abc import Iterable, Mapping, Sequence

import httpx

from dojo import CheckResult, Site
from katas.shop.log_ins import COOKIE, Visit, credentials, is_welcome, names
from katas.shop.people import Person

__all__ = [
    "Browser",
    "count_sessions",
    "log_ins_right",
    "sessions_kept",
    "survives_restart",
    "two_sessions",
]

READ_AGAIN = 24


class Browser:
    """Somebody's browser, for what is not timed; a session of its own."""

    def __init__(self, site: Site) -> None:
        self._http, self._cookies = site.http, dict[str, str]()

    def log_in(self, email: str, password: str, *, as_json: bool = True) -> httpx.Response:
        """Send the log-in, and keep the session that comes back."""
        headers, body = credentials(email, password, as_json=as_json)
        answer = self._ask("POST", "/login", dict(headers), body)
        if token := answer.cookies.get(COOKIE):
            self._cookies[COOKIE] = token
        return answer

    @property
    def session(self) -> str | None:
        """The session that the browser has."""
        return self._cookies.get(COOKIE)

    @session.setter
    def session(self, token: str) -> None:
        self._cookies[COOKIE] = token

    def is_known_as(self, person: Person) -> bool:
        """Whether /me names that customer."""
        answer = self._ask("GET", "/me")
        return answer.status_code == 200 and names(answer.content, person)

    def is_stranger(self) -> bool:
        """Whether /me says 401."""
        return self._ask("GET", "/me").status_code == 401

    def log_out(self) -> None:
        """End the session; the browser goes on showing it, as a thief would."""
        self._ask("POST", "/logout")

    def _ask(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> httpx.Response:
        self._http.cookies.clear()  # else the client would mix one browser's session with another's
        shown = {"accept": "application/json", **(headers or {})}
        if self._cookies:
            shown["cookie"] = "; ".join(f"{key}={value}" for key, value in self._cookies.items())
        return self._http.request(method, path, headers=shown, content=body)


def count_sessions(site: Site) -> int:
    """Rows in `sessions`."""
    row = site.db.execute("SELECT count(*) FROM sessions").fetchone()
    return int(row[0]) if row else 0


def log_ins_right(seen: Sequence[Visit]) -> CheckResult:
    """Who was told that they are logged in is logged in, as themselves, and nobody else is."""
    welcomed, wrong = 0, list[str]()
    for visit in seen:
        about, samples = visit.about, visit.samples
        if about.to_be_refused:
            if is_welcome(samples["refused"]):
                wrong.append(f"{about.told()} was let in ({about.kind})")
            continue
        if not is_welcome(samples["log in"]):
            continue
        welcomed += 1
        me, person = samples.get("me"), about.person
        if me is None or me.status is None or me.status >= 500 or person is None:
            continue  # an error, or no answer: the SLI counts it
        if me.status != 200 or not names(me.body, person):
            text = me.body[:80].decode(errors="replace")
            wrong.append(f"/me said {me.status} {text!r} to {person.name}, {about.told()}")
    if wrong:
        detail = (
            f"{len(wrong):,} of {len(seen):,} visitors were told something false; none may be."
            f" One of them: {wrong[0]}."
        )
        return CheckResult("log_ins_right", False, detail)
    detail = f"All {welcomed:,} who were let in were let in as themselves."
    return CheckResult("log_ins_right", welcomed > 0, detail)


def sessions_kept(seen: Sequence[Visit], before: int, now: int, beside: int = 0) -> CheckResult:
    """Each session that was acknowledged, and not ended, is a row of `sessions`.

    `beside`: log-ins that may have happened and are not in `seen`.
    """
    tokens = {token for visit in seen for token in visit.tokens()}
    ended = sum(visit.logged_out() for visit in seen)
    asked = sum(name.startswith("log in") for visit in seen for name in visit.samples) + beside
    grown = now - before
    told = f"sessions has {grown:,} rows more; {len(tokens):,} sessions were begun, {ended:,} ended"
    if len(tokens) - ended <= grown <= asked:
        return CheckResult("sessions_kept", bool(tokens), f"{told}.")
    return CheckResult("sessions_kept", False, f"{told}. Each that goes on needs its row there.")


def two_sessions(people: Iterable[Person], site: Site) -> CheckResult:
    """Two log-ins of one customer are two sessions, and log-out ends only the one it came from."""
    judged = 0
    for person in people:
        judged += 1
        one, other = Browser(site), Browser(site)
        for browser in (one, other):
            browser.log_in(person.email, person.password)
        told = None
        if one.session is None or other.session is None:
            told = "a log-in gave no session"
        elif one.session == other.session:
            told = "two log-ins gave one session, so that each log-out ends both"
        elif not (one.is_known_as(person) and other.is_known_as(person)):
            told = "of two sessions one did not work"
        else:
            other.log_out()
            if not other.is_stranger():
                told = "a session went on after its log-out"
            elif not one.is_known_as(person):
                told = "the log-out of one session ended the other, too"
        if told:
            detail = f"{person.name} (customer {person.id}) logged in twice at once: {told}."
            return CheckResult("two_sessions", False, detail)
    detail = f"{judged} customers had two sessions each, and log-out ended one of them."
    return CheckResult("two_sessions", judged > 0, detail)


def survives_restart(seen: Sequence[Visit], site: Site) -> CheckResult:
    """Sessions of the burst are the same after a restart: those that went on, and those ended."""
    alive, ended = list[tuple[str, Person]](), list[str]()
    for visit in seen:
        if visit.about.person is None or not (tokens := visit.tokens()):
            continue
        if not visit.logged_out():
            alive.append((tokens[-1], visit.about.person))
        elif (last := visit.samples.get("me, logged out")) is not None and last.status == 401:
            ended.append(tokens[-1])
    step = max(1, len(alive) // READ_AGAIN)
    chosen = alive[::step]
    lost = [person for token, person in chosen if not _browser(site, token).is_known_as(person)]
    back = [token for token in ended[:READ_AGAIN] if not _browser(site, token).is_stranger()]
    if lost or back:
        detail = (
            f"After a restart of the app {len(lost)} of {len(chosen)} sessions were forgotten and"
            f" {len(back)} of {len(ended[:READ_AGAIN])} that had been ended were valid again; none"
            " may be. What is only in the app's memory is lost."
        )
        return CheckResult("survives_restart", False, detail)
    detail = (
        f"After a restart {len(chosen)} sessions went on, and {len(ended[:READ_AGAIN])} that had"
        " been ended were still over."
    )
    return CheckResult("survives_restart", bool(chosen and ended), detail)


def _browser(site: Site, token: str) -> Browser:
    browser = Browser(site)
    browser.session = token
    return browser
