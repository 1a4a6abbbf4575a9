"""dojo.site.live_database: where the running shop's database is."""

from pathlib import Path

from dojo.postgres.server import Server
from dojo.site.live_database import announced, live_database


def test_it_is_known_as_long_as_the_shop_runs(server: Server, tmp_path: Path) -> None:
    """The file is its user's alone, and is gone afterwards."""
    assert live_database(tmp_path) is None
    with announced(tmp_path, server.app_dsn("postgres")):
        assert live_database(tmp_path) == server.app_dsn("postgres")
        (file,) = tmp_path.iterdir()
        assert file.stat().st_mode & 0o077 == 0
    assert live_database(tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_shop_has_left_leads_nowhere(server: Server, tmp_path: Path) -> None:
    """A database that is not there, and a file that nobody can read."""
    (tmp_path / "live.json").write_text("{")
    assert live_database(tmp_path) is None
    with announced(tmp_path, server.app_dsn("no_such_database")):
        assert live_database(tmp_path) is None
