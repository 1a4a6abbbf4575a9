"""What a learner hands in: a SELECT, a target, and a least number of bad events. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from dojo import LearnerFile, read_yaml

__all__ = ["SLI_FILE", "SLO_FILE", "Design", "Slo", "read_design"]

SLI_FILE, SLO_FILE = "app/ops/sli.sql", "app/ops/slo.yaml"
MOST_BAD_EVENTS = 1_000_000
# What is no word of the statement: comments, texts and quoted names.
# One that does not end goes on to the end of the file: Postgres will refuse it.
APART = re.compile(r"--[^\n]*|/\*.*?(?:\*/|\Z)|'(?:[^']|'')*(?:'|\Z)", re.DOTALL)
COMPLAINTS = re.compile(r'\b(?:public\s*\.\s*)?"?complaints"?', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Slo:
    """What stands in slo.yaml: a ratio, and the least bad events that say anything of a day."""

    target: float
    min_bad_events: int


@dataclass(frozen=True, slots=True)
class Design:
    """The learner's files, read."""

    sql: LearnerFile
    slo: Slo


def read_design(files: Mapping[str, LearnerFile]) -> Design:
    """The design; FileRefused, with the line, if a file can't be used."""
    sql = files[SLI_FILE]
    _refuse_complaints(sql)
    return Design(sql, _read_slo(files[SLO_FILE]))


def _read_slo(file: LearnerFile) -> Slo:
    documents = read_yaml(file)
    if len(documents) != 1:
        raise file.refused(f"it must hold one document, not {len(documents)}")
    document = documents[0]
    document.only("target", "min_bad_events")
    target = document["target"]
    ratio = target.number()
    if not 0 <= ratio < 1:
        raise target.wrong("a ratio of at least 0 and below 1, such as 0.99")
    least = document["min_bad_events"].whole(at_least=1, at_most=MOST_BAD_EVENTS)
    return Slo(ratio, least)


def _refuse_complaints(file: LearnerFile) -> None:
    """Complaints are for looking. Who hides the name meets the role's rights instead."""
    statement = APART.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), file.text)
    match = COMPLAINTS.search(statement)
    if match is None:
        return
    line = statement.count("\n", 0, match.start()) + 1
    column = match.start() - (statement.rfind("\n", 0, match.start()) + 1) + 1
    raise file.refused(
        "complaints are for looking, not for counting: they come late, and some are about a price;"
        " an SLI counts requests",
        line,
        column,
    )
