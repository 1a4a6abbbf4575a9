"""The proxy between the app and Postgres, a process of its own.

    python -m dojo.site.latency_proxy_process HOST PORT ROUND_TRIP_S

Its greeting is its port. An order is `Passwords`, with which log-ins are relayed from then on, or
anything else, which it answers with `ProxyStats`; all are sent as `dojo.worker` says.

The whole round trip is added on the way to the server, by one timer instead of two, so that a
timer's error is added once. uvloop's timers and clock count whole milliseconds, and so does the
timeout of epoll; that is as coarse as the delay itself (2 ms became as little as 1.2). Hence
asyncio's own loop, and under Linux a selector that waits for epoll's descriptor with select().
"""

import asyncio
import select
import selectors
import sys
from collections import deque
from typing import Any, cast

from dojo.site.latency_proxy import ProxyStats
from dojo.site.login_relay import LoginRelay, Passwords
from dojo.worker import send_message, serve_orders

MOST_WAITING = 4 << 20  # bytes on their way in one direction, before reading is paused


class _Side(asyncio.Protocol):
    """One side of a connection: what it receives leaves on the other side `delay_s` later."""

    def __init__(
        self, stats: ProxyStats, delay_s: float, of_client: bool, relay: LoginRelay | None
    ) -> None:
        self._stats, self._delay_s, self._of_client = stats, delay_s, of_client
        self._relay = relay
        self._loop = asyncio.get_running_loop()
        self._not_before = self._loop.time() + delay_s  # connecting costs a round trip as well
        self._waiting: deque[tuple[float, bytes]] = deque()
        self._bytes = 0
        self._timer: asyncio.TimerHandle | None = None
        self._ended = False
        self._full = self._other_full = False
        self.other: _Side | None = None
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        if self.other is not None:  # what came while the other side was connecting
            self.other.pass_on()

    def data_received(self, data: bytes) -> None:
        if self._relay is not None and not (data := self._relayed(self._relay, data)):
            return
        self._waiting.append((max(self._loop.time(), self._not_before) + self._delay_s, data))
        self._bytes += len(data)
        self._full = self._bytes > MOST_WAITING
        if self._timer is None:
            self.pass_on()
        self._read_or_pause()

    def _relayed(self, relay: LoginRelay, data: bytes) -> bytes:
        """What becomes of the bytes of a log-in; the server's side counts it."""
        if self._of_client:
            return relay.from_client(data)
        logged_in, passed = relay.logged_in, relay.from_server(data)
        if relay.logged_in and not logged_in:
            counts = self._stats.log_ins
            counts[relay.database] = counts.get(relay.database, 0) + 1
        return passed

    def pass_on(self) -> None:
        """Write what is due; come back for the rest when its time has come."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        target = self.other.transport if self.other is not None else None
        if target is None:
            return
        now = self._loop.time()
        while self._waiting and self._waiting[0][0] <= now:
            _, data = self._waiting.popleft()
            self._bytes -= len(data)
            if not target.is_closing():
                target.write(data)
        if self._full and self._bytes <= MOST_WAITING // 2:
            self._full = False
            self._read_or_pause()
        if self._waiting:
            self._timer = self._loop.call_at(self._waiting[0][0], self.pass_on)
        elif self._ended:
            self._end(target)

    def _end(self, target: asyncio.Transport) -> None:
        """Tell the other side that this one has ended.

        Who is killed while he logs in may be let in all the same, and Postgres counts him. So its
        answer is still read then: it comes before the server ends the connection, too.
        """
        if self._of_client and self._relay is not None and not self._relay.logged_in:
            target.write_eof()
        else:
            target.close()

    def pause_writing(self) -> None:
        if self.other is not None:
            self.other.hold(True)

    def resume_writing(self) -> None:
        if self.other is not None:
            self.other.hold(False)

    def hold(self, full: bool) -> None:
        """Read no more while the other side's peer does not take what it has been sent."""
        self._other_full = full
        self._read_or_pause()

    def _read_or_pause(self) -> None:
        if self.transport is None or self.transport.is_closing():
            return
        if self._full or self._other_full:
            self.transport.pause_reading()
        else:
            self.transport.resume_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        self._ended = True
        if self._of_client:
            self._stats.open -= 1
        self.pass_on()


class _Proxy:
    """Accepts clients, and connects each of them to the server."""

    def __init__(self, host: str, port: int, round_trip_s: float) -> None:
        self.stats = ProxyStats()
        self._passwords: Passwords | None = None
        self._host, self._port, self._round_trip_s = host, port, round_trip_s
        self._connecting: set[asyncio.Task[None]] = set()

    def accept(self) -> _Side:
        self.stats.connections_opened += 1
        self.stats.open += 1
        relay = None if self._passwords is None else LoginRelay(self._passwords)
        client = _Side(self.stats, self._round_trip_s, of_client=True, relay=relay)
        server = _Side(self.stats, 0.0, of_client=False, relay=relay)
        task = asyncio.get_running_loop().create_task(self._connect(client, server))
        self._connecting.add(task)
        task.add_done_callback(self._connecting.discard)
        return client

    def handle_order(self, order: Any) -> None:
        if isinstance(order, Passwords):
            self._passwords = order
        else:
            send_message(self.stats)

    async def _connect(self, client: _Side, server: _Side) -> None:
        server.other = client
        try:
            client.other = server
            loop = asyncio.get_running_loop()
            await loop.create_connection(lambda: server, self._host, self._port)
        except OSError:
            if client.transport is not None:
                client.transport.abort()


async def _serve(host: str, port: int, round_trip_s: float) -> None:
    loop = asyncio.get_running_loop()
    proxy = _Proxy(host, port, round_trip_s)
    listener = await loop.create_server(proxy.accept, "127.0.0.1", 0, backlog=512)
    await serve_orders(proxy.handle_order, listener.sockets[0].getsockname()[1])
    await listener.serve_forever()


def _precise_loop() -> asyncio.AbstractEventLoop:
    if sys.platform != "linux":
        return asyncio.new_event_loop()  # kqueue's own timeout is precise

    class Precise(selectors.EpollSelector):
        def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
            if timeout is not None and timeout > 0:
                select.select([self], [], [], timeout)
                timeout = 0
            return super().select(timeout)

    return asyncio.SelectorEventLoop(Precise())


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=_precise_loop) as runner:
        runner.run(_serve(sys.argv[1], int(sys.argv[2]), float(sys.argv[3])))
