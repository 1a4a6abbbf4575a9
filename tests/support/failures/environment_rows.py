"""Rows: what a shell may have left over from work. None of it changes a verdict."""

import os

from tests.support.failures.bench import Bench
from tests.support.failures.ended import Ended, Expect
from tests.support.failures.row import Table
from tests.support.project import ROOT

__all__ = ["EVERYTHING", "LIBPQ", "TABLE"]

TABLE = Table("environment")
row = TABLE.row

PROXIES = {
    "HTTP_PROXY": "http://127.0.0.1:9",
    "http_proxy": "http://127.0.0.1:9",
    "ALL_PROXY": "socks5://127.0.0.1:9",
    "NO_PROXY": "fe80::/10,[::1]:80",
    "SSL_CERT_FILE": "/nonexistent/corporate.pem",
    "REQUESTS_CA_BUNDLE": "/nonexistent/corporate.pem",
}
LIBPQ = {
    "PGSSLMODE": "verify-full",
    "PGHOSTADDR": "192.0.2.1",
    "PGOPTIONS": "-c statement_timeout=1",
    "PGTARGETSESSIONATTRS": "standby",
    "PGPASSFILE": "/nonexistent/pgpass",
    "PGSERVICE": "work",
    "PGUSER": "somebody",
    "PGCONNECT_TIMEOUT": "1",
}
PYTHON = {
    "PYTHONSAFEPATH": "1",
    "PYTHONOPTIMIZE": "2",
    "PYTHONWARNINGS": "error",
    "PYTHONDEVMODE": "",
    "PYTHONHASHSEED": "7",
    "PYTHONSTARTUP": "/nonexistent/startup.py",
}
PIP = {
    "PIP_USER": "1",
    "PIP_TARGET": "/nonexistent/target",
    "PIP_EXTRA_INDEX_URL": "http://127.0.0.1:9/simple",
    "VIRTUAL_ENV": "/nonexistent/venv",
    "CONDA_PREFIX": "/nonexistent/conda",
    "CONDA_DEFAULT_ENV": "work",
    "UVICORN_PORT": "1",
    "WEB_CONCURRENCY": "4",
}
TERMINAL = {
    "LC_ALL": "C",
    "LANG": "C",
    "TERM": "dumb",
    "NO_COLOR": "1",
    "COLUMNS": "40",
    "TZ": "Pacific/Kiritimati",
    "PYTHONIOENCODING": "ascii",
}
STRANGER = ("--user", "--map-user=45678", "--map-group=45678")
RUN = (str(ROOT / "run"),)
EVERYTHING = PROXIES | LIBPQ | PYTHON | PIP | TERMINAL


TABLE.session(
    "proxies, also socks5, and a certificate file that is not there", Expect.UNCHANGED, also=PROXIES
)


TABLE.session("PG* variables of another project's server", Expect.UNCHANGED, also=LIBPQ)


TABLE.session(
    "PYTHONOPTIMIZE=2, PYTHONWARNINGS=error, PYTHONSAFEPATH and others",
    Expect.UNCHANGED,
    also=PYTHON,
    prefix=RUN,
)


@row("PYTHONPATH with packages app, seed and dojo in it", Expect.UNCHANGED)
def python_path(bench: Bench) -> Ended:
    for name in ("app", "seed", "dojo"):
        place = bench.folder / "work" / name
        place.mkdir(parents=True)
        (place / "__init__.py").write_text("raise ImportError('of another project')\n")
    return bench.session(PYTHONPATH=str(bench.folder / "work"), prefix=RUN)


TABLE.session(
    "PIP_*, VIRTUAL_ENV, conda, UVICORN_* and WEB_CONCURRENCY",
    Expect.UNCHANGED,
    long=True,
    also=PIP,
)


TABLE.session(
    "locale C, TERM=dumb, NO_COLOR, 40 columns, a time zone of tomorrow",
    Expect.UNCHANGED,
    also=TERMINAL,
)


TABLE.session(
    "HOME is not set",
    Expect.UNCHANGED,
    only={key: value for key, value in os.environ.items() if key != "HOME"},
)


TABLE.session(
    "env -i with only PATH", Expect.UNCHANGED, long=True, only={"PATH": os.environ["PATH"]}
)


TABLE.session(
    "all of these variables at once", Expect.UNCHANGED, long=True, also=EVERYTHING, prefix=RUN
)


@row("a path with spaces and umlauts", Expect.UNCHANGED, long=True)
def umlauts(bench: Bench) -> Ended:
    bench.folder = bench.folder / "Mäßig große Übung"
    bench.folder.mkdir()
    return bench.session()


@row("a user id without an entry in /etc/passwd", Expect.UNCHANGED, long=True)
def no_passwd_entry(bench: Bench) -> Ended:
    variables = {key: value for key, value in os.environ.items() if key not in ("HOME", "USER")}
    return bench.session(prefix=bench.apart(*STRANGER), only=variables)


@row(
    "a user id without an entry in /etc/passwd, for which Postgres' initdb does not run",
    Expect.ERROR,
    "PostgresUnavailable: * no entry in /etc/passwd * DOJO_POSTGRES",
)
def no_passwd_entry_embedded(bench: Bench) -> Ended:
    prefix = bench.apart(*STRANGER)
    return bench.session(prefix=prefix, ours=False, DOJO_POSTGRES="embedded")


TABLE.session(
    "umask 077",
    Expect.UNCHANGED,
    long=True,
    prefix=("/bin/sh", "-c", 'umask 077; exec "$@"', "sh"),
    ours=False,
    DOJO_POSTGRES="embedded",
)


@row("a read-only checkout, DOJO_STATE and DOJO_CACHE elsewhere", Expect.UNCHANGED)
def read_only(bench: Bench) -> Ended:
    project = bench.folder / "project"
    places = {"DOJO_STATE": bench.folder / "state", "DOJO_CACHE": bench.folder / "cache"}
    mount = f"mount --bind '{project}' '{project}'; mount -o remount,ro,bind '{project}'"
    bench.folder.joinpath("temporary").mkdir()
    inner = Bench(project, bench.server, bench.image)
    project.mkdir()
    return inner.session(
        prefix=bench.mounted(mount),
        also={name: str(place) for name, place in places.items()},
        temporary=bench.folder / "temporary",
    )
