"""dojo.attempt.simulated: attempts at a small kata, on the tests' own server."""

from pathlib import Path

import psycopg
import pytest

from dojo.errors import BadSetting
from dojo.postgres.server import Server
from dojo.simulated_report import SimulatedReport
from dojo.site.simulated_database import data_name
from tests.support.dice import QUERY, write_dice
from tests.support.simulated_workshop import facts_of, judged, open_workshop


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with an app that is none, and the kata."""
    write_dice(tmp_path)
    (tmp_path / "app" / "main.py").touch()
    return tmp_path


def attempt(server: Server, root: Path, seed: int = 7) -> SimulatedReport:
    return judged(open_workshop(server, root, root / "app"), root / "katas" / "90-dice", seed)


def refusal(server: Server, root: Path) -> str:
    """What is said of a file that is refused; nothing is judged then."""
    report = attempt(server, root)
    assert report.refusal is not None
    assert (report.verdict, report.measures, report.checks) == ("not_met", (), ())
    return f"{report.refusal.place}: {report.refusal.reason}"


def test_a_good_design_is_met(server: Server, root: Path) -> None:
    """Measures, checks, sections and facts are the kata's."""
    report = attempt(server, root)
    assert (report.verdict, report.slo, report.checks_hold) == ("met", "met", True)
    assert [(o.name, o.good, o.total) for o in report.objectives] == [
        ("fair-throws", 1000, 1000),
        ("quiet-nights", 1000, 1000),
    ]
    facts = facts_of(report)
    assert facts["facts"] == {"counted": 1000}
    assert facts["seed"] == 7
    assert [section.title for section in report.sections] == ["The throws"]
    assert set(report.timings_s) == {"postgres", "read", "draw", "fill", "judge"}


def test_a_bad_design_misses_its_target(server: Server, root: Path) -> None:
    """Three quarters instead of 95%: not met, certainly, and the checks hold all the same."""
    write_dice(root, highest="4")
    report = attempt(server, root)
    assert (report.verdict, report.slo, report.checks_hold) == ("not_met", "not_met", True)
    assert report.measures[0].detail == "Some had more eyes."


def test_a_failed_check_is_not_met(server: Server, root: Path) -> None:
    """Twice as many throws as there were: the measures are met, and the check says no."""
    write_dice(root, query=QUERY.replace("count(*)", "2 * count(*)"))
    report = attempt(server, root)
    assert (report.verdict, report.slo, report.checks_hold) == ("not_met", "met", False)
    (check,) = report.checks
    assert check.detail == "2000 of 1000 throws were counted; all must be."


def test_a_seed_gives_the_same_again(server: Server, root: Path) -> None:
    """The data follow from the seed alone."""
    first, again = (attempt(server, root, seed=11) for _ in range(2))
    assert first.objectives == again.objectives
    assert first.sections == again.sections


def test_the_data_of_the_last_run_are_kept(server: Server, root: Path) -> None:
    """For the app's role to read, every table of them; a refused file leaves them as they were."""
    attempt(server, root, seed=11)
    (root / "app" / "ops" / "dice.yaml").write_text("highest: many\n")
    assert attempt(server, root, seed=12).refusal is not None
    with psycopg.connect(server.app_dsn(server.database(data_name("90-dice")))) as db:
        assert db.execute("SELECT count(*) FROM throws").fetchone() == (1000,)
        assert db.execute("SELECT word FROM secrets").fetchone() == ("xyzzy",)
        note = "SELECT shobj_description(oid, 'pg_database') FROM pg_database"
        where = "WHERE datname = current_database()"
        assert db.execute(f"{note} {where}".encode()).fetchone() == ("attempt 1, --plan-seed 11",)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"highest: 7\n", "dice.yaml:1: highest must be a whole number from 1 to 6, not 7"),
        (b"highest: 6\nlowest: 1\n", "dice.yaml:2: lowest is no key; there are: highest"),
        (b"", "dice.yaml: there must be one YAML document, not 0"),
        (b"a: &a [x]\nb: *a\n", "dice.yaml:1: anchors (&) and aliases (*) are not read"),
        (b"highest: \xff\n", "dice.yaml:1: it is no text in UTF-8"),
        (b"# one\nhighest: 6\n\0", "dice.yaml:3: it is no text: there is a zero byte"),
    ],
)
def test_a_yaml_file_that_is_refused(
    server: Server, root: Path, content: bytes, words: str
) -> None:
    """With its line, and with what must stand there."""
    (root / "app" / "ops" / "dice.yaml").write_bytes(content)
    assert words in refusal(server, root)


def test_a_query_that_is_refused(server: Server, root: Path) -> None:
    """With line and column, as Postgres tells them."""
    write_dice(root, query="SELECT eyes,\n  trows FROM throws")
    assert refusal(server, root).startswith(
        'app/ops/dice.sql:2:3: Postgres says: column "trows" does not exist'
    )


def test_after_a_refused_query_everything_may_be_read(server: Server, root: Path) -> None:
    """What the query may not read, `./run dojo sql` may."""
    write_dice(root, query="SELECT word AS eyes, 1 AS throws FROM secrets")
    refusal(server, root)
    with psycopg.connect(server.app_dsn(server.database(data_name("90-dice")))) as db:
        assert db.execute("SELECT word FROM secrets").fetchone() == ("xyzzy",)


def test_a_file_that_is_missing_or_too_large(server: Server, root: Path) -> None:
    """Each is named, with how to get it back or what to do."""
    path = root / "app" / "ops" / "dice.yaml"
    path.write_text("#" * 70_000)
    assert "dice.yaml: it has 70,000 bytes; at most 65,536 are read" in refusal(server, root)
    path.unlink()
    assert "dice.yaml: it is missing; get the shipped one back with: ./run dojo reset" in refusal(
        server, root
    )
    path.mkdir()
    assert "dice.yaml: it is no file; get" in refusal(server, root)


def test_a_kata_that_judges_other_measures_is_our_fault(server: Server, root: Path) -> None:
    """Measures and slo.yaml must have the same names."""
    slo = root / "katas" / "90-dice" / "slo.yaml"
    slo.write_text(slo.read_text().replace("quiet-nights", "loud-nights"))
    with pytest.raises(BadSetting, match=r"its slo\.yaml has fair-throws, loud-nights"):
        attempt(server, root)


def test_a_schema_that_postgres_refuses_is_our_fault(server: Server, root: Path) -> None:
    """The file is named, with Postgres' words."""
    (root / "katas" / "90-dice" / "schema.sql").write_text("CREATE TABEL throws ();")
    with pytest.raises(BadSetting, match=r"schema\.sql: Postgres refuses it: syntax error"):
        attempt(server, root)
