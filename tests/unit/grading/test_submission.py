"""What a submission is called, and of which kind it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dojo.grading.submission import Kind, kind_of, named


@pytest.mark.parametrize(
    ("argument", "is_folder", "exists", "kind"),
    [
        ("anna", True, True, "folder"),
        ("anna.zip", True, True, "folder"),
        ("anna.patch", False, True, "patch"),
        ("anna.DIFF", False, True, "patch"),
        ("anna.tar.gz", False, True, "archive"),
        ("anna.zip", False, True, "archive"),
        ("anna.docx", False, True, "other"),
        ("origin/anna", False, False, "reference"),
    ],
)
def test_kinds(argument: str, is_folder: bool, exists: bool, kind: Kind) -> None:
    """By what is there and by its ending; what is no path may be a reference."""
    assert kind_of(argument, is_folder=is_folder, exists=exists) == kind


def names(*arguments: tuple[str, Kind]) -> list[str]:
    return [each.name for each in named(arguments)]


def test_a_name_is_short() -> None:
    """Without the ending; a folder called app is called as the one above it."""
    assert names(
        ("in/anna/app/", "folder"),
        ("in/bert.tar.gz", "archive"),
        ("./cleo.patch", "patch"),
        ("app", "folder"),
        ("../app", "folder"),
        ("origin/dora", "reference"),
        ("v1.zip", "folder"),
    ) == ["anna", "bert", "cleo", "app", "app (2)", "origin/dora", "v1.zip"]


def test_two_with_one_name_are_told_apart() -> None:
    """By the folder above, and by a number where that is the same, too."""
    assert names(
        ("monday/anna.patch", "patch"),
        ("tuesday/anna/app", "folder"),
        ("tuesday/anna.zip", "archive"),
        ("bert", "folder"),
        ("bert", "folder"),
    ) == ["monday/anna", "tuesday/anna", "tuesday/anna (2)", "bert", "bert (2)"]


@given(
    st.lists(
        st.tuples(
            st.text(alphabet="ab/.()2 ", min_size=1),
            st.sampled_from(["folder", "patch", "archive", "reference", "other"]),
        )
    )
)
def test_names_are_all_different(arguments: list[tuple[str, Kind]]) -> None:
    """Whatever is handed in, each submission has a name of its own, in the given order."""
    submissions = named(arguments)
    assert [each.argument for each in submissions] == [argument for argument, _ in arguments]
    assert len({each.name for each in submissions}) == len(arguments)
    assert all(each.name for each in submissions)
