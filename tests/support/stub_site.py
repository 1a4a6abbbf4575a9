"""A website whose delays are known: asyncio alone, in a process of its own.

    /delay/MS   answers after that many milliseconds     /status/N  answers with that status
    /stall/MS   blocks the whole server for so long      /drop      closes the connection
    /size/N     a body of N bytes                        /flood     a body without end
    /echo       the request as JSON                      /json      ids to capture; sets a cookie
    /drop_kept  answers once on a connection, then drops what comes next on it
    /begin_kept answers once on a connection, then begins one answer more, and drops it
    /hits       how often each path was requested

`python tests/support/stub_site.py` prints its port and runs until its standard input ends.
"""

import asyncio
import json
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

hits: Counter[str] = Counter()


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One connection, open for as many requests as come."""
    last_path = ""
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            first, *rest = head.decode().rstrip().split("\r\n")
            method, path, _ = first.split()
            headers = {k.lower(): v for k, v in (line.split(": ", 1) for line in rest)}
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            hits[path] += 1
            if path == "/drop" or last_path == "/drop_kept":
                return
            if last_path == "/begin_kept":
                writer.write(b"HTTP/1.1 2")
                return
            last_path = path
            await answer(writer, method, path, headers, body)
    except (asyncio.IncompleteReadError, ConnectionError):
        return
    finally:
        writer.close()


async def answer(
    writer: asyncio.StreamWriter, method: str, path: str, headers: dict[str, str], body: bytes
) -> None:
    """Answer one request."""
    _, kind, *more = path.split("?")[0].split("/")
    status, extra, sent = "200", "", b"ok"
    if kind == "delay":
        await asyncio.sleep(int(more[0]) / 1000)
    elif kind == "stall":
        time.sleep(int(more[0]) / 1000)  # noqa: ASYNC251 - blocking the server is the point
    elif kind == "status":
        status = more[0]
        extra = "Location: /hits\r\n" if status.startswith("3") else ""
    elif kind == "size":
        sent = b"x" * int(more[0])
    elif kind == "json":
        sent = json.dumps({"id": 7, "items": [{"key": 'a/b "c"'}]}).encode()
        extra = "Set-Cookie: session=s3cret; Path=/; HttpOnly\r\n"
    elif kind == "echo":
        request = {"method": method, "path": path, "headers": headers, "body": body.decode()}
        sent = json.dumps(request).encode()
    elif kind == "hits":
        sent = json.dumps(hits).encode()
    elif kind == "flood":
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
            await writer.drain()
    writer.write(
        f"HTTP/1.1 {status} X\r\nContent-Length: {len(sent)}\r\n{extra}\r\n".encode() + sent
    )
    await writer.drain()


async def main() -> None:
    """Serve on any port until the standard input ends."""
    server = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    loop, over = asyncio.get_running_loop(), asyncio.Event()

    def wait_for_end() -> None:
        sys.stdin.read()
        loop.call_soon_threadsafe(over.set)

    threading.Thread(target=wait_for_end, daemon=True).start()
    await over.wait()


@contextmanager
def stub_site() -> Iterator[str]:
    """A running stub; its base URL."""
    child = subprocess.Popen(
        [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        yield f"http://127.0.0.1:{int(child.stdout.readline())}"
    finally:
        child.stdin.close()
        try:
            child.wait(3)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        child.stdout.close()


if __name__ == "__main__":
    asyncio.run(main())
