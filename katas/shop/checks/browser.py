"""Somebody's browser, for what is not timed."""

from collections.abc import Mapping

import httpx

from dojo import Site
from katas.shop.expected.log_ins import names
from katas.shop.scenarios.log_ins import COOKIE, credentials
from katas.shop.scenarios.people import Person

__all__ = ["Browser"]


class Browser:
    """With a session of its own."""

    def __init__(self, site: Site, session: str | None = None) -> None:
        self._http, self._cookies = site.http, dict[str, str]()
        if session is not None:
            self._cookies[COOKIE] = session

    def log_in(self, email: str, password: str, *, as_json: bool = True) -> httpx.Response:
        """Send the log-in, and keep the session that comes back."""
        headers, body = credentials(email, password, as_json=as_json)
        answer = self._request("POST", "/login", dict(headers), body)
        if token := answer.cookies.get(COOKIE):
            self._cookies[COOKIE] = token
        return answer

    @property
    def session(self) -> str | None:
        """The session that the browser has."""
        return self._cookies.get(COOKIE)

    def is_known_as(self, person: Person) -> bool:
        """Whether /me names that customer."""
        answer = self._request("GET", "/me")
        return answer.status_code == 200 and names(answer.content, person)

    def is_stranger(self) -> bool:
        """Whether /me says 401."""
        return self._request("GET", "/me").status_code == 401

    def get(self, path: str) -> httpx.Response:
        """A page."""
        return self._request("GET", path, {"accept": self._http.headers["accept"]})

    def log_out(self) -> None:
        """End the session; the browser goes on showing it, as a thief would."""
        self._request("POST", "/logout")

    def _request(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> httpx.Response:
        self._http.cookies.clear()  # else the client would mix one browser's session with another's
        sent = {"accept": "application/json", **(headers or {})}
        if self._cookies:
            sent["cookie"] = "; ".join(f"{key}={value}" for key, value in self._cookies.items())
        return self._http.request(method, path, headers=sent, content=body)
