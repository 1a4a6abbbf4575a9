"""Log-ins to real servers through the proxy, which alone knows the role's password."""

import asyncio
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from dojo.postgres.choice import serve
from dojo.postgres.embedded_binaries import data_home
from dojo.postgres.janitor import Databases
from dojo.postgres.server import Server
from dojo.site.latency_proxy import LatencyProxy
from dojo.site.login_relay import Passwords

APP_ROLE = "shop"
WANTED = "only-the-proxy-knows"


@pytest.fixture(scope="module", params=["embedded", "docker"])
def own_server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A server of each provider, whose app role has another password than usual."""
    image = request.getfixturevalue("docker_image") if request.param == "docker" else None
    cache = tmp_path_factory.mktemp("relay")
    with serve(request.param, cache, image, lambda _: None) as server:
        own = replace(server, app_password=WANTED)
        Databases(own).ensure_role()
        yield own
    shutil.rmtree(data_home(cache), ignore_errors=True)


@pytest.fixture
def proxy(own_server: Server) -> Iterator[LatencyProxy]:
    passwords = Passwords(APP_ROLE, WANTED)
    with LatencyProxy.start(own_server.host, own_server.port, 0.002, passwords) as proxy:
        yield proxy


def url(port: int, password: str = APP_ROLE) -> str:
    return f"postgresql://{APP_ROLE}:{password}@127.0.0.1:{port}/postgres"


def test_what_the_app_has_works_through_the_proxy_alone(
    own_server: Server, proxy: LatencyProxy
) -> None:
    """The real port, which Postgres tells everybody, lets nobody in with it."""
    with psycopg.connect(url(proxy.port)) as db:
        row = db.execute("SELECT session_user, inet_server_port()").fetchone()
    assert row is not None
    assert row[0] == APP_ROLE
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(url(own_server.port))


def test_log_ins_are_counted(own_server: Server, proxy: LatencyProxy) -> None:
    """By database; a connection that never logs in is none."""
    for _ in range(3):
        psycopg.connect(url(proxy.port)).close()
    with pytest.raises(psycopg.OperationalError, match="no_such"):
        psycopg.connect(url(proxy.port).replace("/postgres", "/no_such"))
    stats = proxy.stats()
    assert stats.log_ins["postgres"] == 3
    assert stats.connections_opened == 4


async def _select(port: int) -> object:
    async with await psycopg.AsyncConnection.connect(url(port)) as db:
        return await (await db.execute("SELECT 1")).fetchone()


def test_an_asynchronous_client_logs_in(own_server: Server, proxy: LatencyProxy) -> None:
    """As the app does."""
    assert asyncio.run(_select(proxy.port)) == (1,)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_password_stands_in_no_argument(proxy: LatencyProxy) -> None:
    """Nor in the environment of the proxy's process."""
    for name in ("cmdline", "environ"):
        assert WANTED.encode() not in Path(f"/proc/{proxy.pid}/{name}").read_bytes()
