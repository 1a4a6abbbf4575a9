"""Which variables of the shell reach us, and which reach our children. Values in, values out.

Whatever somebody's shell has left over from work (proxies, PG*, PYTHON*, PIP_*, locales) must not
change a verdict. So a child gets the few variables in PASSED and what we set, and nothing else; and
the grader itself drops, as soon as it starts, what its libraries would read by themselves.
"""

from collections.abc import Mapping, MutableMapping
from urllib.parse import quote

__all__ = [
    *("OURS", "POSTGRES_URL", "child_environment", "drop_inherited"),
    "with_libpq_variables",
]

# what a program needs to be found, to load its libraries and to know its user
PASSED = (
    *("PATH", "HOME", "USER", "LOGNAME", "SHELL", "TMPDIR", "LD_LIBRARY_PATH"),
    *("DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "SYSTEMROOT"),
    "PYTHONPYCACHEPREFIX",
)
PASSED_PREFIXES = ("NIX_",)
SET = {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TZ": "UTC", "PYTHONNOUSERSITE": "1"}
# what clients of ours would read: libpq, httpx, requests, urllib, ssl
DROPPED = (
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSLKEYLOGFILE"),
    "NETRC",
)
TERMINAL = ("TERMINAL_WIDTH",)  # Typer reads it as a number, whatever it is
NARROWEST = 40  # columns; in fewer no table can be read
DROPPED_SUFFIX = "_PROXY"
LIBPQ = "PG"
OURS = "DOJO_WORKER_OF"  # set for the grader's own children, to its pid
NO_HOME = "/nonexistent"
POSTGRES_URL = ("postgresql://", "postgres://")  # how a DOJO_POSTGRES that is a URL begins
# of libpq's variables those that say where and as whom, by the parameter that they stand for
LIBPQ_PARAMETERS = {
    "PGHOST": "host",
    "PGHOSTADDR": "hostaddr",
    "PGPORT": "port",
    "PGDATABASE": "dbname",
    "PGUSER": "user",
    "PGPASSWORD": "password",
    "PGPASSFILE": "passfile",
    "PGSERVICE": "service",
    "PGSSLMODE": "sslmode",
    "PGSSLCERT": "sslcert",
    "PGSSLKEY": "sslkey",
    "PGSSLROOTCERT": "sslrootcert",
    "PGSSLCRL": "sslcrl",
    "PGREQUIRESSL": "requiressl",
    "PGCHANNELBINDING": "channel_binding",
    "PGGSSENCMODE": "gssencmode",
    "PGKRBSRVNAME": "krbsrvname",
    "PGTARGETSESSIONATTRS": "target_session_attrs",
}
# those that say where; a URL that names a host has said it, and the rest may be of another server
OF_THE_PLACE = {"host", "hostaddr", "port", "service", "target_session_attrs"}


def child_environment(environ: Mapping[str, str], **variables: str) -> dict[str, str]:
    """The environment of a child: what every program needs of `environ`, and `variables`."""
    passed = {
        name: value
        for name, value in environ.items()
        if name in PASSED or name.startswith(PASSED_PREFIXES)
    }
    return {**passed, **SET, **variables}


def drop_inherited(environ: MutableMapping[str, str]) -> None:
    """Take out of the grader's own environment what its libraries would read by themselves.

    libpq's variables become a part of DOJO_POSTGRES if that is a URL: they say more about that
    server. To do it twice changes nothing.
    """
    url = environ.get("DOJO_POSTGRES", "")
    if url.startswith(POSTGRES_URL):
        environ["DOJO_POSTGRES"] = with_libpq_variables(url, environ)
    for name in list(environ):
        upper = name.upper()
        if (
            upper.endswith(DROPPED_SUFFIX)
            or upper in DROPPED
            or name in TERMINAL
            or (name == "COLUMNS" and not _is_wide_enough(environ[name]))
            or (name.startswith(LIBPQ) and name[2:].isalnum() and name.isupper())
        ):
            del environ[name]
    environ.setdefault("HOME", NO_HOME)  # else libraries look for it in /etc/passwd, and may fail


def _is_wide_enough(columns: str) -> bool:
    return columns.isdecimal() and len(columns) < 6 and int(columns) >= NARROWEST


def with_libpq_variables(url: str, environ: Mapping[str, str]) -> str:
    """The URL, with what libpq's variables say and it does not as further parameters.

    A URL that names a host takes nothing of where a server is from them.
    """
    before, _, query = url.partition("?")
    given = {pair.partition("=")[0] for pair in query.split("&") if pair}
    authority, _, database = before.partition("://")[2].partition("/")
    login, _, address = authority.rpartition("@")
    for parameter, part in (
        ("user", login.partition(":")[0]),
        ("password", login.partition(":")[2]),
        ("host", address.rpartition(":")[0] if ":" in address.rpartition("]")[2] else address),
        ("port", address.rpartition("]")[2].rpartition(":")[2] if ":" in address else ""),
        ("dbname", database),
    ):
        if part:
            given.add(parameter)
    if given & {"host", "hostaddr"}:
        given |= OF_THE_PLACE
    more = [
        f"{parameter}={quote(environ[name], safe='')}"
        for name, parameter in LIBPQ_PARAMETERS.items()
        if environ.get(name) and parameter not in given
    ]
    return "?".join([before, "&".join([*([query] if query else []), *more])]) if more else url
