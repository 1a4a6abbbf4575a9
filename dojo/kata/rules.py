"""What every kata must have, a function for each rule. Pure: texts in, violations out.

`./run dojo check` and the tests apply these; nobody else says what a complete kata is. A rule gets
the kata and the project around it, and yields a violation for each place where it is broken. Those
for patches are in dojo.kata.patch_rules, those for simulated katas alone in
dojo.kata.simulated_rules.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from dojo.errors import BadSetting
from dojo.kata import patch_rules, simulated_rules
from dojo.kata.folder_content import FolderContent, ProjectContent
from dojo.kata.hint_book import DEPTHS, parse_hints, sections_of
from dojo.kata.kata_toml import parse_kata_toml
from dojo.kata.level import parsed_level
from dojo.kata.violation import Violation
from dojo.slo.measures import MeasureLevel, MeasureObjective
from dojo.slo.openslo import Objective, ServiceLevel

__all__ = ["PLACEHOLDER", "RULES", "SIMULATED_RULES", "Rule", "level_of", "violations"]

Rule = Callable[[FolderContent, ProjectContent], Iterator[Violation]]
NAME = re.compile(r"[0-9]{2}-[a-z0-9]+(?:-[a-z0-9]+)*")
MOST_TEST_LINES = 59
PLACEHOLDER = "TODO"
ROW = re.compile(r"^\|([^|\n]+)\|([^|\n]+)\|\s*$", re.MULTILINE)
OBJECTIVES = re.compile(r"\| objective \| (?:error budget|may be missed) \|")
BUDGET = re.compile(r"([\d,.]+) of ([\d,.]+)")


def level_of(kata: FolderContent) -> ServiceLevel | MeasureLevel | None:
    """The kata's objectives, under a load or on simulated data; None if slo.yaml can't be used."""
    level = parsed_level(kata)
    return None if isinstance(level, BadSetting) else level


def named_by_number(kata: FolderContent, project: ProjectContent) -> Iterator[Violation]:
    """NN-name, with a number of its own."""
    file = f"katas/{kata.name}/"
    if not NAME.fullmatch(kata.name):
        yield Violation(file, "the folder's name is not like 04-name", "Rename the folder.")
    number = kata.name[:2]
    others = [name for name in project.names if name[:2] == number and name != kata.name]
    if others:
        yield Violation(
            file, f"{', '.join(others)} has the same number", "Rename it to a number that is free."
        )


def service_level_can_be_used(kata: FolderContent, project: ProjectContent) -> Iterator[Violation]:
    """slo.yaml is OpenSLO as dojo.slo.openslo or dojo.slo.measures reads it."""
    file = f"katas/{kata.name}/slo.yaml"
    level = parsed_level(kata)
    if isinstance(level, BadSetting):
        problem = str(level).removeprefix("slo.yaml: ").rstrip(".")
        yield Violation(file, problem, "katas/01-latency/slo.yaml is a complete one.")


def thresholds_are_buckets(kata: FolderContent, project: ProjectContent) -> Iterator[Violation]:
    """Each threshold is the edge of a bucket of the app's histogram, so that /metrics can tell."""
    level = level_of(kata)
    for objective in level.objectives if isinstance(level, ServiceLevel) else ():
        if objective.threshold_s not in project.buckets_s:
            edges = ", ".join(f"{edge:g}" for edge in project.buckets_s)
            yield Violation(
                f"katas/{kata.name}/slo.yaml",
                f"{objective.name}: {objective.threshold_s:g} s is no bucket of the app",
                f"Take one of {edges}; or add a bucket to app/instrumentation/metrics.py."
                if edges
                else "No buckets were found in app/instrumentation/metrics.py: git checkout app/",
            )


def readme_states_the_objectives(
    kata: FolderContent, project: ProjectContent
) -> Iterator[Violation]:
    """The README's table has a row for each objective, in slo.yaml's order, with its budget."""
    file = f"katas/{kata.name}/README.md"
    text = kata.texts.get("README.md", "")
    level = level_of(kata)
    if not text.strip():
        yield Violation(file, "it is missing or empty", "Write the story and the objectives.")
    elif level is not None:
        rows = _objective_rows(text)
        stated = [objective for objective, _ in rows]
        objectives: Sequence[Objective | MeasureObjective] = level.objectives
        wanted = [objective.display_name for objective in objectives]
        if stated != wanted:
            yield Violation(
                file,
                f"its table of objectives has {_quoted(stated)}; slo.yaml has {_quoted(wanted)}",
                "A table '| objective | error budget |' needs a row for each, in that order.",
            )
            return
        for (_, budget), objective in zip(rows, objectives, strict=True):
            if not _budget_agrees(budget, objective):
                yield Violation(
                    file,
                    f"the error budget of {objective.display_name!r} is given as {budget!r}",
                    f"A target of {objective.target:g} leaves {1 - objective.target:.4g} of all"
                    " events; write it like '5 of 100 page loads may be slower, or fail'.",
                )


def _objective_rows(text: str) -> list[tuple[str, str]]:
    """(objective, budget) of each row of the table of objectives."""
    head = OBJECTIVES.search(text)
    if head is None:
        return []
    body = text[head.end() :].lstrip("\n").split("\n\n", 1)[0]
    rows = [(match[1].strip(), match[2].strip()) for match in ROW.finditer(body)]
    return [row for row in rows if not set(row[0]) <= set("-: ")]


def _quoted(names: list[str]) -> str:
    return ", ".join(repr(name) for name in names) or "none"


def _budget_agrees(budget: str, objective: Objective | MeasureObjective) -> bool:
    match = BUDGET.search(budget)
    if match is None:
        return False
    bad, total = (float(number.rstrip(".,").replace(",", "")) for number in match.groups())
    return total > 0 and abs(bad / total - (1 - objective.target)) < 1e-9


def hints_are_there(kata: FolderContent, project: ProjectContent) -> Iterator[Violation]:
    """.meta/hints.md as dojo.kata.hint_book reads it, with a cause for each fault."""
    file = f"katas/{kata.name}/.meta/hints.md"
    advice = "katas/01-latency/.meta/hints.md is a complete one."
    try:
        book = parse_hints(kata.texts.get(".meta/hints.md", ""))
    except BadSetting as error:
        yield Violation(file, str(error).rstrip("."), advice)
        return
    faults = sorted(patch.name for patch in kata.of_kind("faults"))
    if sorted(fault for cause in book.causes for fault in cause.faults) != faults:
        yield Violation(
            file,
            f"its causes are not the faults: {_quoted(faults)}",
            "Each patch in .meta/faults stands in a line 'fault: …' of one '## Cause: …'.",
        )
    explained = sections_of(kata.texts.get(".meta/solution.md", ""))
    for cause in book.causes:
        if cause.name not in explained:
            yield Violation(
                f"katas/{kata.name}/.meta/solution.md",
                f"it has no section '## {cause.name}'",
                "The explanation of a cause is the section that bears its name.",
            )
        for depth, text in zip(DEPTHS[:2], cause.depths[:2], strict=True):
            if named := re.search(r"app/\w+\.py|\bline \d+|\.py:\d+", text):
                yield Violation(
                    file,
                    f"the {depth.lower()} of {cause.name!r} names {named[0]!r}",
                    "Only the hint 'Almost there' may name a file.",
                )


def test_file_is_short(kata: FolderContent, project: ProjectContent) -> Iterator[Violation]:
    """One test_*.py that states what is asked; what is done stands in katas/shop/."""
    names = sorted(name for name in kata.texts if re.fullmatch(r"test_\w+\.py", name))
    if len(names) != 1:
        yield Violation(
            f"katas/{kata.name}/",
            f"there must be one test_*.py, not {len(names)}",
            "katas/01-latency/test_latency.py is one.",
        )
    for name in names:
        count = len(kata.texts[name].splitlines())
        if count > MOST_TEST_LINES:
            yield Violation(
                f"katas/{kata.name}/{name}",
                f"it has {count} lines of at most {MOST_TEST_LINES}",
                "Move what it does into katas/shop/ (scenarios, expected, checks).",
            )


def declaration_is_complete(kata: FolderContent, project: ProjectContent) -> Iterator[Violation]:
    """kata.toml names files of app/ and numbers of migrations that no other kata has."""
    file = f"katas/{kata.name}/.meta/kata.toml"
    advice = "katas/01-latency/.meta/kata.toml is a complete one."
    if ".meta/kata.toml" not in kata.texts:
        yield Violation(file, "it is missing", advice)
        return
    declared = parse_kata_toml(kata.texts[".meta/kata.toml"])
    for problem in declared.problems:
        yield Violation(file, problem, advice)
    if not declared.owns:
        yield Violation(
            file,
            "owns names no file of app/",
            "Name the files in which the kata's faults are, none of another kata's.",
        )
    for name in declared.owns:
        if name not in project.app_files:
            yield Violation(file, f"owns: there is no {name}", "Name files as app/home.py.")
    taken = [(name, project.owners.get(name, ())) for name in declared.owns]
    taken += [
        (f"migration {number}", project.migration_owners.get(number, ()))
        for number in declared.migrations
    ]
    for name, katas in taken:
        others = [other for other in katas if other != kata.name]
        if others:
            yield Violation(
                file, f"{name} belongs to {', '.join(others)}, too", "Nothing belongs to two katas."
            )


def exports_are_current(kata: FolderContent, project: ProjectContent) -> Iterator[Violation]:
    """The Prometheus rules are what slo.yaml gives."""
    name = f"grafana/rules/{kata.name}.yml"
    if name in project.stale_exports:
        yield Violation(name, "it is not what slo.yaml gives", "Write it with: ./run dojo export")


def project_lists_the_kata(kata: FolderContent, project: ProjectContent) -> Iterator[Violation]:
    """The project's README leads to the kata's."""
    if f"](katas/{kata.name}/README.md)" not in project.readme:
        yield Violation(
            "README.md",
            f"its table of katas has no row for {kata.name}",
            f"Add a row that begins with: | [{kata.name}](katas/{kata.name}/README.md) |",
        )


def no_placeholder_is_left(kata: FolderContent, project: ProjectContent) -> Iterator[Violation]:
    """Nothing of what `./run dojo new` wrote still says that it must be written."""
    for name, text in sorted(kata.texts.items()):
        lines = [n for n, line in enumerate(text.splitlines(), 1) if PLACEHOLDER in line]
        if lines:
            yield Violation(
                f"katas/{kata.name}/{name}:{lines[0]}",
                f"{len(lines)} {'line' if len(lines) == 1 else 'lines'} with {PLACEHOLDER}",
                f"Write what it asks for, and take the word {PLACEHOLDER} out.",
            )


COMMON_RULES: tuple[Rule, ...] = (
    named_by_number,
    declaration_is_complete,
    service_level_can_be_used,
    readme_states_the_objectives,
    hints_are_there,
    test_file_is_short,
    patch_rules.solution_is_there,
    patch_rules.enough_faults,
    patch_rules.enough_fixes,
    patch_rules.checks_have_cheats,
    patch_rules.patches_apply,
    patch_rules.patches_change_the_app,
    patch_rules.patches_keep_to_own_files,
    project_lists_the_kata,
    no_placeholder_is_left,
)
RULES: tuple[Rule, ...] = (
    *COMMON_RULES,
    thresholds_are_buckets,
    patch_rules.kata_has_checks,
    patch_rules.cheats_name_checks,
    exports_are_current,
)
SIMULATED_RULES: tuple[Rule, ...] = (
    *COMMON_RULES,
    simulated_rules.schema_is_there,
    simulated_rules.faults_name_measures,
    simulated_rules.measures_have_patches,
    simulated_rules.cheats_name_what_catches_them,
)


def violations(kata: FolderContent, project: ProjectContent) -> list[Violation]:
    """Everything in which a kata breaks a rule; a complete kata has none."""
    rules = SIMULATED_RULES if isinstance(level_of(kata), MeasureLevel) else RULES
    return [violation for rule in rules for violation in rule(kata, project)]
