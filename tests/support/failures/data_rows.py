"""Rows: files that a learner of a kata on simulated data has edited, or lost."""

from itertools import pairwise
from pathlib import Path

from tests.support.dice import ENDLESS, write_dice
from tests.support.failures.bench import Bench
from tests.support.failures.ended import Ended, Expect
from tests.support.failures.row import Table

__all__ = ["TABLE"]

TABLE = Table("data")
row = TABLE.row
BOMB = "a: &a [x, x]\n" + "".join(
    f"{key}: &{key} [*{before}, *{before}]\n" for before, key in pairwise("abcdef")
)
SECRET = "SELECT 1 AS eyes, count(*) AS throws\nFROM secrets"


def with_file(bench: Bench, content: bytes | None) -> Ended:
    """The dice with another dice.yaml, or without."""
    kata = write_dice(bench.folder)
    path = yaml_file(bench)
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    return bench.session(other=kata)


def yaml_file(bench: Bench) -> Path:
    return bench.folder / "app" / "ops" / "dice.yaml"


@row(
    "the file is missing",
    Expect.APP,
    "BROKEN: FILE REFUSED. app/ops/dice.yaml: it is missing",
    long=True,
)
def missing(bench: Bench) -> Ended:
    return with_file(bench, None)


@row("a word where a number must be", Expect.APP, "app/ops/dice.yaml:2: highest must be a whole")
def word(bench: Bench) -> Ended:
    return with_file(bench, b"# dice\nhighest: many\n")


@row("no text, but bytes", Expect.APP, "app/ops/dice.yaml:1: it is no text", long=True)
def no_text(bench: Bench) -> Ended:
    return with_file(bench, bytes(range(256)))


@row("50 MB", Expect.APP, "it has 50,000,000 bytes; at most 65,536 are read", long=True)
def large(bench: Bench) -> Ended:
    kata = write_dice(bench.folder)
    with yaml_file(bench).open("wb") as file:
        file.truncate(50_000_000)
    return bench.session(other=kata)


@row("a YAML bomb", Expect.APP, "app/ops/dice.yaml:1: anchors (&) and aliases (*) are not read")
def bomb(bench: Bench) -> Ended:
    return with_file(bench, BOMB.encode())


@row(
    "--load-factor for a kata that sends no load",
    Expect.ERROR,
    "BadSetting: * sends no load, so --load-factor changes nothing: leave it out",
    long=True,
)
def load_factor(bench: Bench) -> Ended:
    return bench.session("", "--load-factor=2", other=write_dice(bench.folder))


@row(
    "a query without an end",
    Expect.APP,
    "dice.sql: it was not over after 1 s and was stopped",
    long=True,
)
def endless(bench: Bench) -> Ended:
    return bench.session(other=write_dice(bench.folder, query=ENDLESS))


@row(
    "a query of a table that it may not read",
    Expect.APP,
    "permission denied * and nothing else",
    long=True,
)
def secret(bench: Bench) -> Ended:
    return bench.session(other=write_dice(bench.folder, query=SECRET))
