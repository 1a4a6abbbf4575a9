"""Running a kata's checks, and those that hold for every kata. Knows the site and its database."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import httpx
import psycopg
from psycopg import sql

from dojo.kata.burst import Burst, SqlAnswer
from dojo.kata.contract import STOPPED_EARLY, Check, Evidence, Finding, SeededRows, Site
from dojo.load.plan import Step
from dojo.load.sample import Sample
from dojo.report import CheckResult

__all__ = [
    "OBJECTIVE_MISSED",
    "RESTART_FAILED",
    "SEEDED_TABLES",
    "counted_rows",
    "metrics_agree",
    "none_unchecked",
    "not_run",
    "run_checks",
    "seed_intact",
    "seeded_rows",
]

SEEDED_TABLES = ("sellers", "colors", "products", "customers", "purchases", "reviews", "referrals")
# Tables that are compared column by column: an address may come to be kept in lower case, and a
# kata may let a column change and judge it itself.
BY_COLUMN = {"customers": ("id", "name", "lower(email)", "password_hash", "joined_at")}
NOTHING_CAME = "No answer came that could be judged."
AFTER_A_TIMEOUT_S = 2.0
OBJECTIVE_MISSED = "An objective is not met, so the app was not started anew."
RESTART_FAILED = "The app did not start again."


def run_checks(checks: Iterable[Check], evidence: Evidence) -> list[CheckResult]:
    """One after another; one that has nothing to judge is not checked."""
    results = []
    for check in checks:
        try:
            finding = check.run(evidence)
        except httpx.HTTPError as error:
            if isinstance(error, httpx.TimeoutException):
                # a site that hangs must not hold up every request of every check for so long
                evidence.site.http.timeout = httpx.Timeout(AFTER_A_TIMEOUT_S)
            detail = f"The site broke off an answer: {type(error).__name__}: {error}."
            finding = Finding(False, detail)
        if finding is None:
            finding = Finding(None, STOPPED_EARLY if evidence.stopped_early else NOTHING_CAME)
        results.append(CheckResult(check.name, finding.passed, finding.detail))
    return results


def not_run(checks: Iterable[Check], why: str) -> list[CheckResult]:
    """The results of checks that need a restart, in a run that has none."""
    return [CheckResult(check.name, None, why) for check in checks]


def none_unchecked(results: Iterable[CheckResult]) -> list[CheckResult]:
    """The results of a run whose objectives are met: what is not checked there has failed."""
    return [
        replace(each, passed=False, detail=f"{each.detail} Without it no run is green.")
        if each.unchecked
        else each
        for each in results
    ]


def counted_rows(
    db: "psycopg.Connection[tuple[Any, ...]]", checks: Iterable[Check]
) -> dict[str, int]:
    """How many rows each table has that a check names in `counts`."""
    counted = {}
    for table in sorted({table for check in checks for table in check.counts}):
        row = db.execute(
            sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
        ).fetchone()
        counted[table] = int(row[0]) if row else 0
    return counted


COUNT_IS_GONE = (
    "After the burst /metrics no longer had what it had counted before: it did not answer in time,"
    " or the app began anew."
)


def metrics_agree(route: str, method: str = "GET", statuses: tuple[int, ...] = (200,)) -> Check:
    """The app's own count of a route's good answers lies between what was answered and sent.

    Of all routes together it counts no fewer answers of any method and status than came.
    """

    def is_asked(step: Step) -> bool:
        return (
            step.method == method
            and step.path.partition("?")[0] == route
            and not step.accepts  # what must be refused gives no good answer
        )

    def run(evidence: Evidence) -> Finding:
        burst = evidence.burst
        sent = [
            sample
            for sample in burst.samples
            if sample.sent_s is not None and is_asked(burst.step_of(sample))
        ]
        answered = sum(each.done_s is not None and each.status in statuses for each in sent)
        before, after = (
            metrics.requests(method, route, statuses) for metrics in (burst.before, burst.after)
        )
        if after < before:
            return Finding(None if evidence.stopped_early else False, COUNT_IS_GONE)
        counted = after - before
        again = sum(sample.sent_again for sample in sent)
        passed = answered <= counted <= len(sent) + again
        which = route if method == "GET" else f"{method} {route}"
        good = " or ".join(map(str, statuses))
        advice = (
            ""
            if passed
            else (
                ". Every request must be observed, fast or slow: see app/instrumentation/metrics.py"
            )
        )
        finding = Finding(
            passed,
            f"/metrics counted {counted:.0f} answers of {which} with {good} during the burst;"
            f" visitors received {answered:,}{_rest(sent, statuses)}{advice}.",
        )
        if passed and (problem := _uncounted(burst)):
            return Finding(False, problem)
        planned = sum(is_asked(step) for each in burst.plan.journeys for step in each.steps)
        return evidence.weighed(finding, answered, planned)

    return Check("metrics_agree", run)


def _uncounted(burst: Burst) -> str:
    """Of which method and status more answers came than /metrics counted; "" if of none."""
    came = Counter(
        (burst.step_of(sample).method, sample.status)
        for sample in burst.samples
        if sample.done_s is not None and sample.status is not None
    )
    for (method, status), count in sorted(came.items()):
        counted = burst.after.answers(method, status) - burst.before.answers(method, status)
        if counted < count:
            return (
                f"/metrics counted {counted:.0f} answers to a {method} with status {status} during"
                f" the burst, of all routes together; visitors received {count:,}. Every request"
                " must be observed, whatever its route and status: see"
                " app/instrumentation/metrics.py."
            )
    return ""


def _rest(sent: Sequence[Sample], statuses: tuple[int, ...]) -> str:
    """What became of the other requests, by status; "" if there are none."""
    others = Counter(
        "no answer" if each.done_s is None or each.status is None else f"status {each.status}"
        for each in sent
        if each.done_s is None or each.status not in statuses
    )
    if not others:
        return ""
    parts = ", ".join(f"{count:,} {what}" for what, count in sorted(others.items()))
    return f" of the {len(sent):,} that they asked for (the others: {parts})"


def seeded_rows(
    db: "psycopg.Connection[tuple[Any, ...]]", tables: Iterable[str] = SEEDED_TABLES
) -> dict[str, SeededRows]:
    """Count and checksum the rows of each table, over the columns that it has now."""
    seeded = {}
    for table in tables:
        columns = tuple(
            name
            for (name,) in db.execute(
                "SELECT column_name FROM information_schema.columns"
                " WHERE table_schema = 'public' AND table_name = %s ORDER BY ordinal_position",
                (table,),
            )
        )
        row = db.execute(
            sql.SQL("SELECT coalesce(max(id), 0) FROM {}").format(sql.Identifier(table))
        ).fetchone()
        last_id = row[0] if row else 0
        count, checksum = _checksum(db, table, columns, last_id)
        by_column = {
            column: _column_checksum(db, table, column, last_id)
            for column in BY_COLUMN.get(table, ())
        }
        seeded[table] = SeededRows(columns, last_id, count, checksum, by_column)
    return seeded


def seed_intact(may_change: Mapping[str, Collection[str]] | None = None) -> Check:
    """Every row of the seed is still there and unchanged, but for what the grader changed itself.

    `may_change`: for a table of BY_COLUMN, the columns that may change, which the kata judges
    itself.
    """

    def run(evidence: Evidence) -> Finding:
        return seed_finding(evidence.site, may_change or {}, evidence.burst.sql_answers)

    return Check("seed_intact", run)


def seed_finding(
    site: Site,
    may_change: Mapping[str, Collection[str]],
    sql_answers: Sequence[SqlAnswer] = (),
) -> Finding:
    """Whether the seeded rows are as they were, but for these columns of a table.

    What the grader's own statements changed is taken back for the comparison, and then is as it was
    left.
    """
    with site.db.transaction(force_rollback=True):
        for answer in reversed(sql_answers):
            if answer.step.undo:
                site.db.execute(answer.step.undo.encode(), answer.step.params or None)
        for table, before in site.seeded_rows.items():
            if problem := _table_problem(site.db, table, before, may_change.get(table, ())):
                return Finding(False, problem)
    total = sum(rows.count for rows in site.seeded_rows.values())
    return Finding(True, f"All {total:,} seeded rows are unchanged.")


def _table_problem(
    db: "psycopg.Connection[tuple[Any, ...]]",
    table: str,
    before: SeededRows,
    left_out: Collection[str],
) -> str:
    """What differs from the seed in one table, but for some columns; "" if nothing does."""
    try:
        count, checksum = _checksum(db, table, before.columns, before.last_id)
        same = checksum == before.checksum
        if before.by_column:
            judged = [column for column in before.by_column if column not in left_out]
            same = all(
                _column_checksum(db, table, column, before.last_id) == before.by_column[column]
                for column in judged
            )
    except psycopg.Error as error:
        return f"Table {table} can't be read as it was: {error}".strip()
    if count == before.count and same:
        return ""
    return (
        f"Table {table}: {before.count:,} rows were seeded, {count:,} of them are left"
        f"{', and their content differs' if count == before.count else ''}."
        " The shop's data must stay as it is; look at app/migrations."
    )


def _column_checksum(
    db: "psycopg.Connection[tuple[Any, ...]]", table: str, column: str, last_id: int
) -> int:
    """The checksum of one column, or expression, of BY_COLUMN."""
    row = db.execute(
        f"SELECT coalesce(sum(hashtext(id || '|' || ({column}))), 0)::bigint"
        f" FROM {table} WHERE id <= %s".encode(),
        (last_id,),
    ).fetchone()
    return int(row[0]) if row else 0


def _checksum(
    db: "psycopg.Connection[tuple[Any, ...]]", table: str, columns: tuple[str, ...], last_id: int
) -> tuple[int, int]:
    text = sql.SQL(", ").join(map(sql.Identifier, columns))
    row = db.execute(
        sql.SQL(
            "SELECT count(*), coalesce(sum(hashtext(concat_ws('|', {}))), 0)::bigint"
            " FROM {} WHERE id <= %s"
        ).format(text, sql.Identifier(table)),
        (last_id,),
    ).fetchone()
    if row is None:
        raise ValueError(f"no checksum of {table}")
    return int(row[0]), int(row[1])
