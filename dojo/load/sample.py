"""What the load saw: one sample for each request that the plan scheduled. Pure values."""

from dataclasses import dataclass, field
from enum import StrEnum

__all__ = ["Cause", "Sample"]


class Cause(StrEnum):
    """Why an event is bad; each bad event has exactly one."""

    SLOW = "slow"
    TIMEOUT = "timeout"  # no answer when the burst's deadline came
    CONNECTION = "connection"  # refused, reset, or closed in the middle of an answer
    HTTP_5XX = "http_5xx"
    HTTP_4XX = "http_4xx"
    WRONG_CONTENT = "wrong_content"
    NOT_SENT = "not_sent"  # an earlier step of the journey failed, or the burst was over


@dataclass(frozen=True, slots=True)
class Sample:
    """One request as the generator saw it. Times are seconds from the start of the burst."""

    journey: int  # index in Plan.journeys
    step: int  # index in Journey.steps
    request_id: str  # sent as X-Request-ID, so that the app's log lines can be found
    # first step, and any that was never sent: the plan's start of the journey; a later step: answer
    # to the step before + think_s
    intended_s: float
    sent_s: float | None = None  # when it was begun, connecting included; None: never
    done_s: float | None = None  # when the last byte was there; None: never
    status: int | None = None
    error: str | None = None  # a Cause that the client saw, such as "timeout"; None: answered
    detail: str = ""  # the client's own words on `error`
    headers: dict[str, str] = field(default_factory=dict)  # lower-case names
    body: bytes = b""
    accepts: tuple[int, ...] = ()  # Step.accepts
    sent_again: bool = False  # the server closed the kept connection before any byte of an answer
    connect_s: float = 0.0  # of the time since sent_s; 0 over a connection that was kept

    @property
    def latency_s(self) -> float | None:
        """From the intended time to the last byte; None if there was none."""
        return None if self.done_s is None else self.done_s - self.intended_s

    @property
    def lateness_s(self) -> float | None:
        """How late the generator was: sent minus intended."""
        return None if self.sent_s is None else self.sent_s - self.intended_s

    @property
    def pending(self) -> bool:
        """Whether it was sent, and an answer was still awaited at the end."""
        return self.sent_s is not None and self.done_s is None and self.error == Cause.TIMEOUT

    @property
    def cause(self) -> Cause | None:
        """Why the answer is bad, as far as transport and status tell; None if they are fine."""
        if self.error is not None:
            return Cause(self.error)
        if self.status is None:
            return Cause.CONNECTION
        if self.accepts and self.status < 500:
            return None if self.status in self.accepts else Cause.WRONG_CONTENT
        if self.status >= 500:
            return Cause.HTTP_5XX
        if self.status >= 400:
            return Cause.HTTP_4XX
        return None
