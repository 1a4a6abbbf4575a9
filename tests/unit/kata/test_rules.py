"""dojo.kata.rules and patch_rules: each rule, broken in one way on a kata that breaks no other."""

from dataclasses import replace

import pytest

from dojo.kata.folder_content import FolderContent, Patch, ProjectContent
from dojo.kata.rules import RULES, violations
from tests.support.made_up_kata import KATA, PROJECT, diff, hints_of

TEXTS = KATA.texts


def with_text(name: str, text: str | None) -> FolderContent:
    """The kata with another text, or without that file."""
    texts = {key: value for key, value in TEXTS.items() if key != name}
    return replace(KATA, texts=texts if text is None else {**texts, name: text})


def with_change(name: str, before: str, after: str) -> FolderContent:
    """The kata with a piece of a text replaced."""
    assert before in TEXTS[name]
    return with_text(name, TEXTS[name].replace(before, after))


def without(path: str) -> FolderContent:
    """The kata without a patch."""
    assert path in [patch.path for patch in KATA.patches]
    return replace(KATA, patches=tuple(p for p in KATA.patches if p.path != path))


def with_patch(path: str, text: str, refusal: str = "") -> FolderContent:
    """The kata with one more patch."""
    return replace(KATA, patches=(*KATA.patches, Patch(path, text, refusal)))


META = "katas/07-made-up/.meta"
TOML = f"{META}/kata.toml"
SLO = "katas/07-made-up/slo.yaml"
README = "katas/07-made-up/README.md"
HINTS = "katas/07-made-up/.meta/hints.md"
KATA_FOLDER = "katas/07-made-up/"

# the rule, how it is broken, the file that is named, words of the problem
BROKEN: list[tuple[str, FolderContent, ProjectContent, str, str]] = [
    (
        "named_by_number",
        replace(KATA, name="07-Made-Up"),
        replace(PROJECT, readme="](katas/07-Made-Up/README.md)", owners={}, migration_owners={}),
        "katas/07-Made-Up/",
        "not like 04-name",
    ),
    (
        "named_by_number",
        KATA,
        replace(PROJECT, names=("07-made-up", "07-other")),
        KATA_FOLDER,
        "07-other has the same number",
    ),
    ("declaration_is_complete", with_text(".meta/kata.toml", None), PROJECT, TOML, "is missing"),
    (
        "declaration_is_complete",
        with_change(".meta/kata.toml", "active", "done"),
        PROJECT,
        TOML,
        "status must be one of draft, active",
    ),
    (
        "declaration_is_complete",
        with_change(".meta/kata.toml", 'status = "active"\n', ""),
        PROJECT,
        TOML,
        "status must be",
    ),
    (
        "declaration_is_complete",
        with_change(".meta/kata.toml", "migrations", "migration"),
        PROJECT,
        TOML,
        "unknown key 'migration'",
    ),
    (
        "declaration_is_complete",
        with_change(".meta/kata.toml", "[7]", '["0007"]'),
        PROJECT,
        TOML,
        "migrations must be a list of whole numbers",
    ),
    (
        "declaration_is_complete",
        with_change(".meta/kata.toml", '["app/home.py"]', "[]"),
        PROJECT,
        TOML,
        "owns names no file",
    ),
    (
        "declaration_is_complete",
        with_change(".meta/kata.toml", '["app/home.py"', '["app/home.py", "app/nowhere.py"'),
        PROJECT,
        TOML,
        "there is no app/nowhere.py",
    ),
    ("declaration_is_complete", with_text(".meta/kata.toml", "owns = ["), PROJECT, TOML, "no TOML"),
    (
        "declaration_is_complete",
        KATA,
        replace(PROJECT, owners={"app/home.py": ("07-made-up", "08-other")}),
        TOML,
        "app/home.py belongs to 08-other",
    ),
    (
        "declaration_is_complete",
        KATA,
        replace(PROJECT, migration_owners={7: ("07-made-up", "08-other")}),
        TOML,
        "migration 7 belongs to 08-other",
    ),
    (
        "service_level_can_be_used",
        with_change("slo.yaml", "threshold_s: 0.1", "threshold: 0.1"),
        PROJECT,
        SLO,
        "threshold_s is missing",
    ),
    (
        "thresholds_are_buckets",
        KATA,
        replace(PROJECT, buckets_s=(0.1, 0.5)),
        SLO,
        "page-loads-within-300ms: 0.3 s is no bucket",
    ),
    ("thresholds_are_buckets", KATA, replace(PROJECT, buckets_s=()), SLO, "0.1 s is no bucket"),
    ("readme_states_the_objectives", with_text("README.md", None), PROJECT, README, "is missing"),
    (
        "readme_states_the_objectives",
        with_change("README.md", "within 300 ms", "within 400 ms"),
        PROJECT,
        README,
        "within 400 ms",
    ),
    (
        "readme_states_the_objectives",
        with_change("README.md", "| 1 of 100 |", "| 2 of 100 |"),
        PROJECT,
        README,
        "given as '2 of 100'",
    ),
    (
        "readme_states_the_objectives",
        with_change("README.md", "| 1 of 100 |", "| hardly any |"),
        PROJECT,
        README,
        "given as 'hardly any'",
    ),
    (
        "readme_states_the_objectives",
        with_change("README.md", "| objective | error budget |", "| what | how many |"),
        PROJECT,
        README,
        "has none",
    ),
    ("hints_are_there", with_text(".meta/hints.md", None), PROJECT, HINTS, "no section begins"),
    (
        "hints_are_there",
        with_change(".meta/hints.md", "pool_waits > 3", "pool_wait > 3"),
        PROJECT,
        HINTS,
        "there is no figure 'pool_wait'",
    ),
    (
        "hints_are_there",
        with_text(".meta/hints.md", "## General: all\nLook.\n\n" + hints_of("one")),
        PROJECT,
        HINTS,
        "its causes are not the faults: 'one', 'three', 'two'",
    ),
    (
        "hints_are_there",
        with_change(".meta/hints.md", "Look there.", "Look at line 33."),
        PROJECT,
        HINTS,
        "the pointer of 'one' names 'line 33'",
    ),
    (
        "hints_are_there",
        with_change(".meta/solution.md", "## one", "## other"),
        PROJECT,
        f"{META}/solution.md",
        "no section '## one'",
    ),
    (
        "test_file_is_short",
        with_text("test_made_up.py", "#\n" * 60),
        PROJECT,
        "katas/07-made-up/test_made_up.py",
        "60 lines of at most 59",
    ),
    ("test_file_is_short", with_text("test_made_up.py", None), PROJECT, KATA_FOLDER, "not 0"),
    ("test_file_is_short", with_text("test_more.py", "#\n"), PROJECT, KATA_FOLDER, "not 2"),
    (
        "solution_is_there",
        without("solution.patch"),
        PROJECT,
        f"{META}/solution.patch",
        "no reference fix",
    ),
    (
        "solution_is_there",
        with_text(".meta/solution.md", "\n"),
        PROJECT,
        f"{META}/solution.md",
        "not explained",
    ),
    (
        "enough_faults",
        without("faults/one.patch"),
        PROJECT,
        f"{META}/faults/",
        "2 of at least 3 faults",
    ),
    (
        "enough_fixes",
        without("fixes/cache.patch"),
        PROJECT,
        f"{META}/fixes/",
        "1 of at least 2 other fixes",
    ),
    (
        "checks_have_cheats",
        without("cheats/seed_intact__small.patch"),
        PROJECT,
        f"{META}/cheats/",
        "check seed_intact has no cheat",
    ),
    (
        "checks_have_cheats",
        replace(KATA, checks=(), checks_problem="SyntaxError: what"),
        PROJECT,
        KATA_FOLDER,
        "not known: SyntaxError",
    ),
    (
        "cheats_name_checks",
        with_patch("cheats/pages_pretty__red.patch", diff("app/main.py")),
        PROJECT,
        f"{META}/cheats/pages_pretty__red.patch",
        "no check 'pages_pretty'",
    ),
    (
        "patches_apply",
        with_patch("fixes/old.patch", diff("app/home.py"), "patch failed: app/home.py:3"),
        PROJECT,
        f"{META}/fixes/old.patch",
        "does not apply: patch failed: app/home.py:3",
    ),
    (
        "patches_change_the_app",
        with_patch("cheats/seed_intact__x.patch", diff("app/main.py", "seed/loader.py")),
        PROJECT,
        f"{META}/cheats/seed_intact__x.patch",
        "changes seed/loader.py",
    ),
    (
        "patches_change_the_app",
        with_patch("fixes/empty.patch", ""),
        PROJECT,
        f"{META}/fixes/empty.patch",
        "changes no file",
    ),
    *(
        (
            "patches_keep_to_own_files",
            with_patch(path, diff(name, new=new)),
            PROJECT,
            f"{META}/{path}",
            f"changes {name}, which the kata does not own",
        )
        for path, name, new in (
            ("faults/shared.patch", "app/database.py", False),
            ("fixes/new.patch", "app/new.py", True),
            ("faults/early.patch", "app/migrations/0001_schema.sql", False),
            ("fixes/old.patch", "app/migrations/0007_index.sql", False),
            ("fixes/number.patch", "app/migrations/0008_index.sql", True),
        )
    ),
    (
        "exports_are_current",
        KATA,
        replace(PROJECT, stale_exports=("grafana/rules/07-made-up.yml",)),
        "grafana/rules/07-made-up.yml",
        "not what slo.yaml gives",
    ),
    (
        "project_lists_the_kata",
        KATA,
        replace(PROJECT, readme="# SLO Dojo\n"),
        "README.md",
        "no row for 07-made-up",
    ),
    (
        "no_placeholder_is_left",
        with_text("notes.md", "## One\n\n## Two\nTODO: more.\n\n## Three\n"),
        PROJECT,
        "katas/07-made-up/notes.md:4",
        "1 line with TODO",
    ),
    ("kata_has_checks", replace(KATA, checks=()), PROJECT, KATA_FOLDER, "the kata has no check"),
]


def test_a_complete_kata_breaks_no_rule() -> None:
    """The kata that the other tests break has no violation, and neither has a draft like it."""
    assert violations(KATA, PROJECT) == []
    assert violations(with_change(".meta/kata.toml", "active", "draft"), PROJECT) == []


@pytest.mark.parametrize(
    ("rule", "kata", "project", "file", "words"),
    BROKEN,
    ids=[f"{case[0]}-{number}" for number, case in enumerate(BROKEN)],
)
def test_a_broken_rule_is_named(
    rule: str, kata: FolderContent, project: ProjectContent, file: str, words: str
) -> None:
    """The rule names the file, what is wrong, and what to do."""
    broken = {each.__name__: list(each(kata, project)) for each in RULES}
    named = {name for name, problems in broken.items() if problems}
    assert rule in named
    found = [each for each in broken[rule] if each.file == file]
    assert any(words in each.problem for each in found), broken[rule]
    assert all(each.advice.strip() and not each.problem.endswith(".") for each in broken[rule])


def test_every_rule_is_broken_by_a_test() -> None:
    """A rule without a case above would be one that nobody has seen fail."""
    assert {rule.__name__ for rule in RULES} == {case[0] for case in BROKEN}


def test_what_cannot_be_read_is_told_once() -> None:
    """A slo.yaml that can't be used breaks one rule; those that need its objectives are silent."""
    kata = with_text("slo.yaml", "kind: [")
    assert [each.file for each in violations(kata, PROJECT)] == [SLO]


def test_a_check_may_have_several_cheats() -> None:
    """One is enough; the second is as welcome."""
    assert violations(without("cheats/pages_right__none.patch"), PROJECT) == []
