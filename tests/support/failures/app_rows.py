"""Rows: what an app under exercise may do, by mistake or not. Each is the app's fault, by name."""

from tests.support.failures.ended import Expect
from tests.support.failures.row import Table

__all__ = ["TABLE"]

TABLE = Table("app")

OK = "    await answer(send, 200, b'3')\n"
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


TABLE.session(
    "every page hangs", Expect.APP, "NOT MET: * The report is below", HANG, long=True, hangs=True
)


TABLE.session(
    "bodies that drip and never end",
    Expect.APP,
    "NOT MET: * The report is below",
    DRIP,
    long=True,
    hangs=True,
)


TABLE.session(
    "bodies of gigabytes",
    Expect.APP,
    "AppHung: * it is at app/main.py:* in page",
    GIGABYTES,
    long=True,
)


TABLE.session(
    "/metrics hangs",
    Expect.UNCHANGED,
    "",
    "async def other(scope, send):\n"
    "    if scope['path'] == '/metrics':\n        await asyncio.sleep(3600)\n"
    "    await answer(send, 200, b'ok')\n",
    long=True,
)


TABLE.session(
    "/healthz drips and never ends",
    Expect.APP,
    "AppDidNotStart: * not answering",
    DRIP.replace("def page", "def other"),
    long=True,
)


TABLE.session(
    "/healthz answers 503",
    Expect.APP,
    "AppDidNotStart: * /healthz answers 503",
    "async def other(scope, send):\n    await answer(send, 503, b'no')\n",
    long=True,
)


TABLE.session(
    "an endless loop while it starts",
    Expect.APP,
    "AppDidNotStart: * it is at app/main.py:",
    "while True:\n    pass\n",
    long=True,
)


TABLE.session(
    "ALTER TABLE without COMMIT",
    Expect.APP,
    "AppHung: The app holds a lock on a table",
    BEGIN.format(statement="ALTER TABLE products ADD COLUMN more int"),
)


TABLE.session(
    "TRUNCATE without COMMIT",
    Expect.APP,
    "AppHung: The app holds a lock on a table",
    BEGIN.format(statement="TRUNCATE products"),
    long=True,
)


TABLE.session(
    "a table is dropped while it runs",
    Expect.APP,
    "MigrationFailed: * no longer take",
    BEGIN.format(statement="DROP TABLE products").replace(
        "held.execute", "held.autocommit = True; held.execute"
    ),
    long=True,
)


TABLE.session(
    "all connections of the server are taken",
    Expect.APP,
    "too many connections for role",
    "held = [psycopg.connect(os.environ['DATABASE_URL']) for _ in range(200)]\n",
)


TABLE.session(
    "50 children are started",
    Expect.UNCHANGED,
    "",
    "for _ in range(50):\n    subprocess.Popen([sys.executable, '-S', '-c', WAIT])\n".replace(
        "WAIT", "'import time; time.sleep(600)'"
    ),
    long=True,
)


TABLE.session(
    "a grandchild with a session of its own",
    Expect.UNCHANGED,
    "",
    "subprocess.Popen([sys.executable, '-S', '-c', 'import os, subprocess, sys, time;"
    ' os.setsid(); subprocess.Popen([sys.executable, "-S", "-c", "import time;'
    " time.sleep(600)\\\"], env={}, start_new_session=True)'])\n",
)


TABLE.session(
    "a pool of processes that forks",
    Expect.UNCHANGED,
    "",
    "for _ in range(4):\n    if os.fork() == 0:\n        time.sleep(600)\n        os._exit(0)\n",
    long=True,
)


TABLE.session(
    "its standard output is closed", Expect.UNCHANGED, "", "os.close(1); os.close(2)\n", long=True
)


TABLE.session(
    "a flood of output",
    Expect.APP,
    "AppFlooded: The app wrote over 32 MB of log",
    "def shout():\n    while True:\n        print('y' * 65536)\n"
    "threading.Thread(target=shout, daemon=True).start()\n",
    long=True,
)


TABLE.session(
    "it ends in the burst",
    Expect.APP,
    "AppDied: The app ended in the middle of the run * status 7",
    "async def page(scope, send):\n    pages > 20 and os._exit(7)\n" + OK,
    long=True,
)


TABLE.session(
    "it is killed for its memory in the burst",
    Expect.APP,
    "AppDied: * SIGKILL",
    "async def page(scope, send):\n    pages > 20 and os.kill(os.getpid(), 9)\n" + OK,
    long=True,
)


TABLE.session(
    "SIGKILL at its parent",
    Expect.APP,
    "AppDied: The app ended in the middle of the run",
    "async def page(scope, send):\n    pages == 20 and os.kill(os.getppid(), 9)\n" + OK,
    long=True,
)


TABLE.session(
    "SIGSTOP at itself",
    Expect.APP,
    "AppHung: The app runs, but has answered nothing",
    "async def page(scope, send):\n    pages == 20 and os.kill(os.getpid(), 19)\n" + OK,
    long=True,
)
