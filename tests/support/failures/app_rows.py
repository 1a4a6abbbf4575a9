"""Rows: what an app under exercise may do, by mistake or not. Each is the app's fault, by name."""

from tests.support.failures.bench import Bench
from tests.support.failures.ended import Ended, Expect
from tests.support.failures.row import Table

__all__ = ["TABLE"]

TABLE = Table("app")
row = TABLE.row

HANG = """
async def page(scope, send):
    await asyncio.sleep(3600)
"""
BEGIN = """
async def started():
    global held
    held = psycopg.connect(os.environ["DATABASE_URL"])
    held.execute({statement!r})
async def page(scope, send):
    await answer(send, 200, b"3")
"""
DRIP = """
async def page(scope, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    while True:
        await send({"type": "http.response.body", "body": b"x", "more_body": True})
        await asyncio.sleep(0.5)
"""
GIGABYTES = """
async def page(scope, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    while True:
        await send({"type": "http.response.body", "body": b"x" * 1048576, "more_body": True})
"""


@row("every page hangs", Expect.APP, "NOT MET: * The report is below", long=True)
def page_hangs(bench: Bench) -> Ended:
    return bench.session(HANG, hangs=True)


@row("bodies that drip and never end", Expect.APP, "NOT MET: * The report is below", long=True)
def drip(bench: Bench) -> Ended:
    return bench.session(DRIP, hangs=True)


@row("bodies of gigabytes", Expect.APP, "AppHung: * it is at app/main.py:* in page", long=True)
def gigabytes(bench: Bench) -> Ended:
    return bench.session(GIGABYTES)


@row("/metrics hangs", Expect.UNCHANGED, long=True)
def metrics_hang(bench: Bench) -> Ended:
    return bench.session(
        "async def other(scope, send):\n"
        "    if scope['path'] == '/metrics':\n        await asyncio.sleep(3600)\n"
        "    await answer(send, 200, b'ok')\n"
    )


@row(
    "/healthz drips and never ends",
    Expect.APP,
    "AppDidNotStart: * not answering",
    long=True,
)
def healthz_drips(bench: Bench) -> Ended:
    return bench.session(DRIP.replace("def page", "def other"))


@row("/healthz answers 503", Expect.APP, "AppDidNotStart: * /healthz answers 503", long=True)
def healthz_fails(bench: Bench) -> Ended:
    return bench.session("async def other(scope, send):\n    await answer(send, 503, b'no')\n")


@row(
    "an endless loop while it starts",
    Expect.APP,
    "AppDidNotStart: * it is at app/main.py:",
    long=True,
)
def endless_start(bench: Bench) -> Ended:
    return bench.session("while True:\n    pass\n")


@row("ALTER TABLE without COMMIT", Expect.APP, "AppHung: The app holds a lock on a table")
def alter_table(bench: Bench) -> Ended:
    return bench.session(BEGIN.format(statement="ALTER TABLE products ADD COLUMN more int"))


@row("TRUNCATE without COMMIT", Expect.APP, "AppHung: The app holds a lock on a table", long=True)
def truncate(bench: Bench) -> Ended:
    return bench.session(BEGIN.format(statement="TRUNCATE products"))


@row(
    "a table is dropped while it runs",
    Expect.APP,
    "MigrationFailed: * no longer take",
    long=True,
)
def drop_table(bench: Bench) -> Ended:
    text = BEGIN.format(statement="DROP TABLE products")
    return bench.session(text.replace("held.execute", "held.autocommit = True; held.execute"))


@row("all connections of the server are taken", Expect.APP, "too many connections for role")
def all_connections(bench: Bench) -> Ended:
    return bench.session(
        "held = [psycopg.connect(os.environ['DATABASE_URL']) for _ in range(200)]\n"
    )


@row("50 children are started", Expect.UNCHANGED, long=True)
def children(bench: Bench) -> Ended:
    return bench.session(
        "for _ in range(50):\n    subprocess.Popen([sys.executable, '-S', '-c', WAIT])\n".replace(
            "WAIT", "'import time; time.sleep(600)'"
        )
    )


@row("a grandchild with a session of its own", Expect.UNCHANGED)
def grandchild(bench: Bench) -> Ended:
    return bench.session(
        "subprocess.Popen([sys.executable, '-S', '-c', 'import os, subprocess, sys, time;"
        ' os.setsid(); subprocess.Popen([sys.executable, "-S", "-c", "import time;'
        " time.sleep(600)\\\"], env={}, start_new_session=True)'])\n"
    )


@row("a pool of processes that forks", Expect.UNCHANGED, long=True)
def forks(bench: Bench) -> Ended:
    return bench.session(
        "for _ in range(4):\n    if os.fork() == 0:\n        time.sleep(600)\n        os._exit(0)\n"
    )


@row("its standard output is closed", Expect.UNCHANGED, long=True)
def closed_output(bench: Bench) -> Ended:
    return bench.session("os.close(1); os.close(2)\n")


@row("a flood of output", Expect.APP, "AppFlooded: The app wrote over 32 MB of log", long=True)
def flood(bench: Bench) -> Ended:
    return bench.session(
        "def shout():\n    while True:\n        print('y' * 65536)\n"
        "threading.Thread(target=shout, daemon=True).start()\n"
    )


@row(
    "it ends in the burst",
    Expect.APP,
    "AppDied: The app ended in the middle of the run * status 7",
    long=True,
)
def dies(bench: Bench) -> Ended:
    return bench.session("async def page(scope, send):\n    pages > 20 and os._exit(7)\n" + OK)


@row("it is killed for its memory in the burst", Expect.APP, "AppDied: * SIGKILL", long=True)
def killed(bench: Bench) -> Ended:
    text = "async def page(scope, send):\n    pages > 20 and os.kill(os.getpid(), 9)\n"
    return bench.session(text + OK)


@row(
    "SIGKILL at its parent",
    Expect.APP,
    "AppDied: The app ended in the middle of the run",
    long=True,
)
def kills_parent(bench: Bench) -> Ended:
    text = "async def page(scope, send):\n    pages == 20 and os.kill(os.getppid(), 9)\n"
    return bench.session(text + OK)


@row("SIGSTOP at itself", Expect.APP, "AppHung: The app runs, but has answered nothing", long=True)
def stops_itself(bench: Bench) -> Ended:
    text = "async def page(scope, send):\n    pages == 20 and os.kill(os.getpid(), 19)\n"
    return bench.session(text + OK)


OK = "    await answer(send, 200, b'3')\n"
