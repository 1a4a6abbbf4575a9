"""The network latency between the app and Postgres: the proxy as its parent sees it.

On loopback a query costs next to nothing, and code that sends too many looks fast. A database in
another zone answers a fixed time later. With this proxy so does ours, on every machine alike. The
delay itself is in `dojo.site.latency_proxy_process`.
"""

from dataclasses import dataclass, field

from dojo.errors import GraderFault
from dojo.site.login_relay import Passwords
from dojo.worker import Worker, WorkerEnded

__all__ = ["LatencyProxy", "ProxyStats"]

PROCESS = "dojo.site.latency_proxy_process"


@dataclass(slots=True)
class ProxyStats:
    """Connections since the start, and those that are open now."""

    connections_opened: int = 0
    open: int = 0
    log_ins: dict[str, int] = field(default_factory=dict)  # by database; those that were relayed


class LatencyProxy:
    """A running proxy, the parent's side; it listens on `port` of loopback."""

    def __init__(self, proxy: Worker) -> None:
        self._proxy = proxy
        self.pid = proxy.pid
        self.port: int = proxy.greeting

    @classmethod
    def start(
        cls, host: str, port: int, round_trip_s: float, passwords: Passwords | None = None
    ) -> "LatencyProxy":
        """Listen on a free port, and pass on to host:port. GraderFault if that can't be.

        With `passwords` each log-in is relayed, see dojo.site.login_relay; else nothing is changed.
        """
        try:
            worker = Worker.start(PROCESS, host, str(port), repr(round_trip_s))
            if passwords is not None:
                worker.send(passwords)  # not an argument, which everybody can read
            return cls(worker)
        except WorkerEnded as end:
            raise _broke_down(end) from end

    def __enter__(self) -> "LatencyProxy":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stats(self) -> ProxyStats:
        """Figures since the start; GraderFault if the proxy has ended."""
        try:
            self._proxy.send("stats")
            stats: ProxyStats = self._proxy.receive()
        except WorkerEnded as end:
            raise _broke_down(end) from end
        return stats

    def stop(self) -> None:
        """End the proxy."""
        self._proxy.stop()


def _broke_down(end: WorkerEnded) -> GraderFault:
    return GraderFault(f"The proxy before Postgres has ended. Run again. {end}")
