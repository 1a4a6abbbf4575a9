"""dojo.kata.simulated_rules: each rule, broken in one way on a kata that breaks no other."""

from dataclasses import replace

import pytest

from dojo.kata.folder_content import FolderContent, Patch
from dojo.kata.rules import RULES, SIMULATED_RULES, violations
from tests.support.made_up_kata import diff
from tests.support.made_up_simulated_kata import SIMULATED_KATA as KATA
from tests.support.made_up_simulated_kata import SIMULATED_PROJECT as PROJECT


def with_text(name: str, text: str) -> FolderContent:
    return replace(KATA, texts={**KATA.texts, name: text})


def with_patch(path: str) -> FolderContent:
    return replace(KATA, patches=(*KATA.patches, Patch(path, diff("app/ops/dice.yaml"))))


def without(*endings: str) -> FolderContent:
    patches = tuple(patch for patch in KATA.patches if not patch.path.endswith(endings))
    return replace(KATA, patches=patches)


META = "katas/07-dice/.meta"
BROKEN = [
    ("schema_is_there", with_text("schema.sql", " "), "katas/07-dice/schema.sql", "is missing"),
    (
        "faults_name_measures",
        with_patch("faults/loud-nights__x.patch"),
        f"{META}/faults/loud-nights__x.patch",
        "no measure 'loud-nights'",
    ),
    (
        "measures_have_patches",
        without("three.patch", "always_off.patch"),
        f"{META}/faults/",
        "the measure quiet-nights has neither",
    ),
    (
        "cheats_name_what_catches_them",
        with_patch("cheats/seed_intact__x.patch"),
        f"{META}/cheats/seed_intact__x.patch",
        "neither a check nor a measure 'seed_intact'",
    ),
    (
        "checks_have_cheats",
        without("in_a_table.patch"),
        f"{META}/cheats/",
        "the check dates_unknown has no cheat",
    ),
    (
        "service_level_can_be_used",
        with_text("slo.yaml", KATA.texts["slo.yaml"].replace("events: fair", "event: fair")),
        "katas/07-dice/slo.yaml",
        "must be among events, not 'event'",
    ),
    (
        "readme_states_the_objectives",
        with_text("README.md", KATA.texts["README.md"].replace("1 of 100", "2 of 100")),
        "katas/07-dice/README.md",
        "given as '2 of 100 nights'",
    ),
]


def test_a_complete_simulated_kata_breaks_no_rule() -> None:
    """Neither with a check nor without any: its measures may be all that it needs."""
    assert violations(KATA, PROJECT) == []
    assert violations(replace(without("in_a_table.patch"), checks=()), PROJECT) == []


@pytest.mark.parametrize(("rule", "kata", "file", "words"), BROKEN, ids=[b[0] for b in BROKEN])
def test_a_broken_rule_is_named(rule: str, kata: FolderContent, file: str, words: str) -> None:
    """The rule names the file, what is wrong, and what to do."""
    broken = {each.__name__: list(each(kata, PROJECT)) for each in SIMULATED_RULES}
    (problem,) = [each for each in broken[rule] if each.file == file]
    assert words in problem.problem
    assert problem.advice.strip()
    assert not problem.problem.endswith(".")


def test_every_rule_of_simulated_katas_alone_is_broken_by_a_test() -> None:
    """A rule without a case above would be one that nobody has seen fail."""
    alone = {rule.__name__ for rule in SIMULATED_RULES} - {rule.__name__ for rule in RULES}
    assert alone <= {case[0] for case in BROKEN}
