"""Sends journeys, one call a journey, and hands back a sample for each of its steps.

Each step is measured from its intended time to the last byte of its answer. When a journey is
started is not known here, nor what becomes of its samples.
"""

import asyncio
import errno
import time
from dataclasses import dataclass, field, replace
from random import Random

from dojo.load.capture import Values, capture, fill
from dojo.load.clock import Clock
from dojo.load.cookies import Cookies
from dojo.load.headers import in_browsers_order
from dojo.load.http_client import HttpClient
from dojo.load.http_connection import MOST_BODY, ConnectionBroken, Exchange
from dojo.load.plan import Journey, Step
from dojo.load.progress import EventCounter, JourneyUnderWay
from dojo.load.sample import Cause, Sample

__all__ = ["JourneySender", "OwnLimitError"]

# what this process or its machine lacks, whatever the site does
OWN_LIMITS = (errno.EMFILE, errno.ENFILE, errno.EADDRNOTAVAIL, errno.ENOBUFS, errno.ENOMEM)

KEPT_OF_TOO_LARGE = 64 << 10  # bytes


class OwnLimitError(Exception):
    """The sender reached a limit of its own process; that is not the site's fault."""


@dataclass(slots=True)
class _Visitor:
    """What one visitor's browser remembers from step to step."""

    values: Values = field(default_factory=dict)
    cookies: Cookies = field(default_factory=Cookies)


@dataclass(slots=True)
class _Answer:
    """What has come of one request, and what is wrong with it."""

    exchange: Exchange = field(default_factory=Exchange)
    error: Cause | None = None
    detail: str = ""

    def fail(self, cause: Cause, detail: str) -> None:
        self.error, self.detail = cause, detail


class JourneySender:
    """Sends journeys to one site. After `stop` no step is begun any more."""

    def __init__(
        self,
        client: HttpClient,
        clock: Clock,
        rng: Random,
        counter: EventCounter,
    ) -> None:
        """Request ids are drawn from `rng`; `counter` follows the journeys under way."""
        self._client, self._clock = client, clock
        self._rng, self._counter = rng, counter
        self._stopped = False
        self.sent = self.done = 0  # requests

    def stop(self) -> None:
        """Begin no further step; those under way go on."""
        self._stopped = True

    async def send(self, place: int, journey: Journey) -> tuple[Sample, ...]:
        """The journey's samples, one for each step; `place` becomes their `journey`.

        To cancel it ends the journey: a request without its answer by then is a timeout.
        """
        ids = [f"{self._rng.getrandbits(128):032x}" for _ in journey.steps]
        under_way = self._counter.begin(journey.name, journey.intended_s)
        try:
            samples = await self._steps(place, journey, ids, under_way)
        finally:
            self._counter.end(under_way)
        if any(sample.cause is not None for sample in samples):
            self._counter.count(under_way, float("inf"))
        elif len(samples) == len(ids):  # else it was cut short, and nobody knows how it would end
            self._counter.count(under_way, under_way.spent_s)
        for number in range(len(samples), len(ids)):
            samples.append(
                Sample(
                    journey=place,
                    step=number,
                    request_id=ids[number],
                    intended_s=journey.intended_s,
                    error=Cause.NOT_SENT,
                    accepts=journey.steps[number].accepts,
                )
            )
        return tuple(samples)

    async def _steps(
        self, place: int, journey: Journey, ids: list[str], under_way: JourneyUnderWay
    ) -> list[Sample]:
        """Samples of the steps that were sent: all, unless one failed or the load was stopped."""
        samples: list[Sample] = []
        due_s, visitor = journey.intended_s, _Visitor()
        for number, step in enumerate(journey.steps):
            if number:
                due_s += step.think_s
                under_way.waits_from_s = due_s
                try:
                    await self._clock.sleep_until(due_s)
                except asyncio.CancelledError:
                    break
                if self._stopped:
                    break
            sample = await self._request((place, number), ids[number], due_s, step, visitor)
            samples.append(sample)
            if sample.cause is not None or sample.done_s is None:
                break
            under_way.spent_s += sample.done_s - due_s
            due_s = sample.done_s
        return samples

    async def _request(
        self, place: tuple[int, int], request_id: str, due_s: float, step: Step, visitor: _Visitor
    ) -> Sample:
        """Send one request and read its answer, whatever comes of it."""
        path, headers, body = fill(step, visitor.values)
        if cookie := visitor.cookies.header(path, time.time()):
            headers["Cookie"] = cookie
        headers["X-Request-ID"] = request_id
        headers = in_browsers_order(step.method, headers, len(body))
        sent_s = self._clock.now_s()
        self.sent += 1
        answer = await self._answer(step.method, path, headers, body)
        exchange = answer.exchange
        lines = exchange.headers.get("set-cookie", "").splitlines()
        visitor.cookies.receive(lines, path, time.time())
        self.done += 1
        sample = Sample(
            journey=place[0],
            step=place[1],
            request_id=request_id,
            intended_s=due_s,
            sent_s=sent_s,
            connect_s=exchange.connect_s,
            done_s=None if exchange.done_at is None else exchange.done_at - self._clock.start,
            status=exchange.status,
            error=answer.error,
            detail=answer.detail,
            headers=exchange.headers,
            body=exchange.body,
            accepts=step.accepts,
            sent_again=exchange.sent_again,
        )
        if sample.cause is None and (problem := capture(step, exchange.body, visitor.values)):
            return replace(sample, error=Cause.WRONG_CONTENT, detail=problem)
        return sample

    async def _answer(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> _Answer:
        """Never raises what the network or the site does, nor a cancellation: it is in `error`.

        OwnLimitError if it is this process that can't go on.
        """
        answer = _Answer()
        exchange = answer.exchange
        try:
            await self._client.send(method, path, headers, body, exchange)
        except asyncio.CancelledError:
            if exchange.done_at is None:
                at_s = self._clock.now_s()
                answer.fail(
                    Cause.TIMEOUT, f"no answer by {at_s:.1f} s, when nobody waited any longer"
                )
        except ValueError as problem:  # a captured value that no header or address can hold
            answer.fail(Cause.WRONG_CONTENT, f"{type(problem).__name__}: {problem}")
        except TimeoutError:
            answer.fail(Cause.TIMEOUT, "no answer for too long")
        except (ConnectionBroken, OSError) as problem:
            if getattr(problem, "errno", None) in OWN_LIMITS:
                raise OwnLimitError(
                    f"The load generator itself can open no more connections ({problem}). Allow it"
                    " more: ulimit -n 4096"
                ) from problem
            answer.fail(Cause.CONNECTION, f"{type(problem).__name__}: {problem}")
        if exchange.too_large:
            exchange.body = exchange.body[:KEPT_OF_TOO_LARGE]
            answer.fail(Cause.WRONG_CONTENT, f"too large: over {MOST_BODY >> 20} MB")
        return answer
