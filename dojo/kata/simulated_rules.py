"""The rules for simulated katas alone: what names their patches. Pure: texts in, violations out.

A fault is named <measure>__<what is left out>.patch after the measure that must miss its target by
it, and a cheat after the check or the measure that must catch it, or after REFUSED if the file must
be refused.
"""

from collections.abc import Iterator

from dojo.errors import BadSetting
from dojo.kata.folder_content import FolderContent, Patch, ProjectContent
from dojo.kata.level import parsed_level
from dojo.kata.violation import Violation
from dojo.slo.measures import MeasureLevel

__all__ = [
    *("REFUSED", "cheats_name_what_catches_them", "faults_name_measures"),
    *("measures_have_patches", "schema_is_there"),
]

REFUSED = "refused"


def _measures(kata: FolderContent) -> tuple[str, ...]:
    level = parsed_level(kata)
    return level.names if isinstance(level, MeasureLevel) else ()


def _catcher(patch: Patch) -> str:
    return patch.name.partition("__")[0]


def _meta(kata: FolderContent, name: str) -> str:
    return f"katas/{kata.name}/.meta/{name}"


def schema_is_there(kata: FolderContent, project: ProjectContent) -> Iterator[Violation]:
    """schema.sql, with the tables that the learner may look at."""
    if not kata.texts.get("schema.sql", "").strip():
        yield Violation(
            f"katas/{kata.name}/schema.sql",
            "it is missing or empty",
            "Write CREATE TABLE … for what the learner may look at; the kata's `fill` fills it.",
        )


def faults_name_measures(kata: FolderContent, project: ProjectContent) -> Iterator[Violation]:
    """Each fault is named after the measure that must miss its target by it."""
    measures = _measures(kata)
    for patch in kata.of_kind("faults"):
        if measures and _catcher(patch) not in measures:
            yield Violation(
                _meta(kata, patch.path),
                f"the kata has no measure {_catcher(patch)!r}",
                "Name the patch <measure>__<what is left out>.patch, with one of:"
                f" {', '.join(measures)}.",
            )


def measures_have_patches(kata: FolderContent, project: ProjectContent) -> Iterator[Violation]:
    """For each measure a fault or a cheat that it catches; else the measure is not needed."""
    caught = {_catcher(patch) for kind in ("faults", "cheats") for patch in kata.of_kind(kind)}
    for measure in _measures(kata):
        if measure not in caught:
            yield Violation(
                _meta(kata, "faults/"),
                f"the measure {measure} has neither a fault nor a cheat",
                f"Add {measure}__<what is left out>.patch, which makes it miss its target;"
                " a measure that nothing needs goes.",
            )


def cheats_name_what_catches_them(
    kata: FolderContent, project: ProjectContent
) -> Iterator[Violation]:
    """A cheat is named after a check or a measure of the kata, or after the refusal."""
    if kata.checks_problem or isinstance(parsed_level(kata), BadSetting):
        return
    names = (*kata.checks, *_measures(kata), REFUSED)
    for patch in kata.of_kind("cheats"):
        if _catcher(patch) not in names:
            yield Violation(
                _meta(kata, patch.path),
                f"the kata has neither a check nor a measure {_catcher(patch)!r}",
                "Name the patch <what catches it>__<what it does>.patch, with one of:"
                f" {', '.join(names)}.",
            )
