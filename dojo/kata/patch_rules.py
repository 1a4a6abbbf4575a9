"""The rules for a kata's patches: solution, faults, fixes, cheats. Pure: texts in, violations out.

faults/   mend all the kata's faults but one; at least three
fixes/    honest fixes other than the solution; at least two
cheats/   want green without a fix; each is named <check>__<what it does>.patch after the one check
          that must catch it
"""

import re
from collections.abc import Iterator

from dojo.kata.contract import COMMON_CHECKS
from dojo.kata.folder_content import FolderContent, Patch, ProjectContent, changed_files
from dojo.kata.kata_toml import KataToml, parse_kata_toml
from dojo.kata.violation import Violation

__all__ = [
    "cheats_name_checks",
    "checks_have_cheats",
    "enough_faults",
    "enough_fixes",
    "foreign_files",
    "kata_has_checks",
    "patches_apply",
    "patches_change_the_app",
    "patches_keep_to_own_files",
    "solution_is_there",
]

FAULTS_AT_LEAST = 3
FIXES_AT_LEAST = 2
MIGRATION = re.compile(r"app/migrations/(\d{4})_\w+\.sql")


def _meta(kata: FolderContent, name: str) -> str:
    return f"katas/{kata.name}/.meta/{name}"


def solution_is_there(kata: FolderContent, project: ProjectContent) -> Iterator[Violation]:
    """A reference fix, and what it does in words."""
    if not kata.of_kind("solution"):
        yield Violation(
            _meta(kata, "solution.patch"),
            "there is no reference fix",
            "Fix the app, then: git diff app/ > the file.",
        )
    if not kata.texts.get(".meta/solution.md", "").strip():
        yield Violation(
            _meta(kata, "solution.md"),
            "the reference fix is not explained",
            "Say of each fault why it is slow or wrong, and what the patch does about it.",
        )


def enough_faults(kata: FolderContent, project: ProjectContent) -> Iterator[Violation]:
    """Three patches that each leave one fault in."""
    count = len(kata.of_kind("faults"))
    if count < FAULTS_AT_LEAST:
        yield Violation(
            _meta(kata, "faults/"),
            f"{count} of at least {FAULTS_AT_LEAST} faults have a patch",
            "Add a patch for each fault; it mends all the others and leaves this one in.",
        )


def enough_fixes(kata: FolderContent, project: ProjectContent) -> Iterator[Violation]:
    """Two honest fixes besides the reference, so that no check asks for one way to do it."""
    count = len(kata.of_kind("fixes"))
    if count < FIXES_AT_LEAST:
        yield Violation(
            _meta(kata, "fixes/"),
            f"{count} of at least {FIXES_AT_LEAST} other fixes have a patch",
            "Add a patch that meets the SLO in another honest way than solution.patch.",
        )


def kata_has_checks(kata: FolderContent, project: ProjectContent) -> Iterator[Violation]:
    """At least one check: without any a page that shows nothing would be the quickest."""
    if not kata.checks and not kata.checks_problem:
        yield Violation(
            f"katas/{kata.name}/",
            "the kata has no check",
            "Add a check that a page shows what it must; katas/shop/checks/ has some.",
        )


def checks_have_cheats(kata: FolderContent, project: ProjectContent) -> Iterator[Violation]:
    """For each check a cheat that only this check catches; else the check is not needed."""
    if kata.checks_problem:
        yield Violation(
            f"katas/{kata.name}/",
            f"the names of its checks are not known: {kata.checks_problem}",
            "Mend the test file first; ./run pytest shows the same error with its traceback.",
        )
        return
    caught = {_check_of(patch) for patch in kata.of_kind("cheats")}
    for check in kata.checks:
        if check not in caught:
            yield Violation(
                _meta(kata, "cheats/"),
                f"the check {check} has no cheat",
                f"Add {check}__<what it does>.patch, which only this check catches;"
                " a check that nothing needs goes.",
            )


def cheats_name_checks(kata: FolderContent, project: ProjectContent) -> Iterator[Violation]:
    """A cheat's file is named after a check of the kata, or after one that all katas share."""
    if kata.checks_problem:
        return
    for patch in kata.of_kind("cheats"):
        check = _check_of(patch)
        if check not in kata.checks and check not in COMMON_CHECKS:
            yield Violation(
                _meta(kata, patch.path),
                f"the kata has no check {check!r}",
                f"Name the patch <check>__<what it does>.patch, with one of:"
                f" {', '.join(kata.checks) or 'no check yet'}.",
            )


def _check_of(patch: Patch) -> str:
    check, separator, _ = patch.name.partition("__")
    return check if separator else patch.name


def patches_apply(kata: FolderContent, project: ProjectContent) -> Iterator[Violation]:
    """Every patch fits the app as it is."""
    for patch in kata.patches:
        if patch.refusal:
            yield Violation(
                _meta(kata, patch.path),
                f"the patch does not apply: {patch.refusal}",
                "If app/ is changed on purpose, make the patch again on top of it;"
                " else take the change back: git checkout app/",
            )


def patches_change_the_app(kata: FolderContent, project: ProjectContent) -> Iterator[Violation]:
    """Every patch changes files of app/, and nothing else."""
    for patch in kata.patches:
        files = [name for name, _ in changed_files(patch)]
        outside = [name for name in files if not name.startswith("app/")]
        if not files:
            yield Violation(
                _meta(kata, patch.path), "the patch changes no file", "Make it with: git diff app/"
            )
        elif outside:
            yield Violation(
                _meta(kata, patch.path),
                f"the patch changes {', '.join(outside)}",
                "A learner changes app/ alone, so a patch does, too.",
            )


def patches_keep_to_own_files(kata: FolderContent, project: ProjectContent) -> Iterator[Violation]:
    """Solution, faults and fixes change what kata.toml names; a cheat may change any file."""
    declared = parse_kata_toml(kata.texts.get(".meta/kata.toml", ""))
    for patch in kata.patches:
        foreign = [] if patch.kind == "cheats" else foreign_files(declared, patch)
        if foreign:
            yield Violation(
                _meta(kata, patch.path),
                f"the patch changes {', '.join(foreign)}, which the kata does not own",
                "Own the file in .meta/kata.toml if no other kata does;"
                " a new migration needs a number that is listed there.",
            )


def foreign_files(declared: KataToml, patch: Patch) -> list[str]:
    """The files of app/ that are neither the kata's own nor new migrations with its numbers."""
    foreign = []
    for name, is_new in changed_files(patch):
        migration = MIGRATION.fullmatch(name)
        is_own_migration = (
            migration is not None and is_new and int(migration[1]) in declared.migrations
        )
        if name.startswith("app/") and name not in declared.owns and not is_own_migration:
            foreign.append(name)
    return foreign
