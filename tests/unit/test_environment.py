"""dojo.environment: which variables of the shell reach whom."""

import pytest

from dojo.environment import child_environment, drop_inherited, with_libpq_variables


def test_a_child_gets_what_every_program_needs_and_what_we_set() -> None:
    """Nothing else of the shell reaches it."""
    shell = {"PATH": "/bin", "HOME": "/h", "PGUSER": "x", "PYTHONPATH": "y", "HTTP_PROXY": "z"}
    child = child_environment(shell, DATABASE_URL="postgresql://here")
    assert child["PATH"] == "/bin"
    assert child["DATABASE_URL"] == "postgresql://here"
    assert child["TZ"] == "UTC"
    assert not {"PGUSER", "PYTHONPATH", "HTTP_PROXY"} & set(child)


def test_what_libraries_read_by_themselves_is_dropped() -> None:
    """Proxies in any spelling, certificates, libpq's variables; a second time changes nothing."""
    environ = {
        **{"HTTP_PROXY": "p", "all_proxy": "p", "NO_PROXY": "p", "SSL_CERT_FILE": "c"},
        **{"PGHOST": "h", "PGSSLMODE": "m", "PAGER": "less", "DOJO_POSTGRES": "auto"},
    }
    drop_inherited(environ)
    expected = {"PAGER": "less", "DOJO_POSTGRES": "auto", "HOME": "/nonexistent"}
    assert environ == expected
    drop_inherited(environ)
    assert environ == expected


@pytest.mark.parametrize(
    ("columns", "stays"), [("40", True), ("200", True), ("1", False), ("-5", False), ("x", False)]
)
def test_a_width_that_no_table_fits_in_is_dropped(columns: str, stays: bool) -> None:
    """A terminal's usual width then counts."""
    environ = {"COLUMNS": columns}
    drop_inherited(environ)
    assert ("COLUMNS" in environ) is stays


@pytest.mark.parametrize(
    ("url", "result"),
    [
        ("postgresql://h/d", "postgresql://h/d?password=s%20t&sslmode=require"),
        ("postgresql://u:p@h/d", "postgresql://u:p@h/d?sslmode=require"),
        ("postgresql://h/d?sslmode=disable", "postgresql://h/d?sslmode=disable&password=s%20t"),
        ("postgresql://[::1]:5/d", "postgresql://[::1]:5/d?password=s%20t&sslmode=require"),
    ],
)
def test_libpqs_variables_complete_the_users_url(url: str, result: str) -> None:
    """What the URL says itself stands."""
    environ = {"PGPASSWORD": "s t", "PGSSLMODE": "require", "PGHOST": ""}
    assert with_libpq_variables(url, environ) == result


@pytest.mark.parametrize(
    ("url", "more"),
    [
        ("postgresql://u:p@localhost/x", ""),
        ("postgresql://u:p@[::1]/x", ""),
        ("postgresql:///x?host=localhost", "&user=me"),
        ("postgresql:///x?hostaddr=127.0.0.1", "&user=me"),
        (
            "postgresql:///x",
            "?host=far&hostaddr=192.0.2.1&port=6000&user=me&service=work"
            "&target_session_attrs=standby",
        ),
        (
            "postgresql://:5433/x",
            "?host=far&hostaddr=192.0.2.1&user=me&service=work&target_session_attrs=standby",
        ),
    ],
)
def test_a_url_that_names_a_host_is_never_completed_to_another_server(url: str, more: str) -> None:
    """What another project's variables say of a place is taken only where the URL names none."""
    environ = {
        **{"PGHOST": "far", "PGHOSTADDR": "192.0.2.1", "PGPORT": "6000", "PGUSER": "me"},
        **{"PGSERVICE": "work", "PGTARGETSESSIONATTRS": "standby"},
    }
    assert with_libpq_variables(url, environ) == url + more
