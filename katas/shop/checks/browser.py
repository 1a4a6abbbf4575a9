"""Somebody's browser, for what is not timed."""

import time

import httpx

from dojo import Cookies, Site, Step
from katas.shop.expected.log_ins import names
from katas.shop.scenarios.log_ins import COOKIE, log_in_step, log_out_step, me_step
from katas.shop.scenarios.people import Person

__all__ = ["Browser", "known_and_ended"]


class Browser:
    """With cookies of its own. It sends what the load's visitors send."""

    def __init__(self, site: Site, session: str | None = None) -> None:
        self._http, self._cookies = site.http, Cookies()
        if session is not None:
            self._cookies.put(COOKIE, session)

    def log_in(self, email: str, password: str, *, as_json: bool = True) -> httpx.Response:
        """Send the log-in, and keep the session that comes back."""
        return self.send(log_in_step(email, password, as_json=as_json))

    @property
    def session(self) -> str | None:
        """The session that the browser has, if it sends it to /me."""
        return self._cookies.get(COOKIE, "/me", time.time()) or None

    def is_known_as(self, person: Person, timeout_s: float | None = None) -> bool:
        """Whether /me names that customer."""
        answer = self.send(me_step(), timeout_s)
        return answer.status_code == 200 and names(answer.content, person)

    def is_stranger(self) -> bool:
        """Whether /me says 401."""
        return self.send(me_step()).status_code == 401

    def get(self, path: str) -> httpx.Response:
        """A page."""
        return self.send(Step("page", "GET", path))

    def log_out(self) -> None:
        """End the session; the browser goes on showing it, as a thief would."""
        session = self.session
        self.send(log_out_step(as_json=True))
        if session is not None:
            self._cookies.put(COOKIE, session)

    def send(self, step: Step, timeout_s: float | None = None) -> httpx.Response:
        """Send a step, and keep the cookies that come back. httpx.HTTPError if no answer does."""
        self._http.cookies.clear()  # else the client would mix one browser's session with another's
        headers = dict(step.headers)
        if cookie := self._cookies.header(step.path, time.time()):
            headers["Cookie"] = cookie
        answer = self._http.request(
            step.method,
            step.path,
            headers=headers,
            content=step.body,
            timeout=httpx.USE_CLIENT_DEFAULT if timeout_s is None else timeout_s,
        )
        self._cookies.receive(answer.headers.get_list("set-cookie"), step.path, time.time())
        return answer


def known_and_ended(site: Site, person: Person, another: Person) -> tuple[Browser, Browser] | None:
    """One in which `person` is logged in, and one whose session `another` has ended by a log-out.

    None if a log-in gave no session.
    """
    known, ended = Browser(site), Browser(site)
    known.log_in(person.email, person.password)
    ended.log_in(another.email, another.password)
    if known.session is None or ended.session is None:
        return None
    ended.log_out()
    return known, ended
