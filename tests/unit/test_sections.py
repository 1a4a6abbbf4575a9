"""dojo.sections: what a kata may put into its report."""

import pytest

from dojo.sections import Column, Drawing, Picture, Section, Shape, Table, shape, shapes_within

EMPTY = Drawing(10, 10, ())


def test_a_shape_has_its_attributes_as_svg_writes_them() -> None:
    """Underscores become dashes, numbers have a tenth at most."""
    made = shape("rect", x=1.26, width=3.0, class_="wash", stroke_width=2, title="here")
    assert made.attributes == (
        ("x", "1.3"),
        ("width", "3"),
        ("class", "wash"),
        ("stroke-width", "2"),
    )
    assert made.title == "here"
    assert shape("circle", cx=-0.01).attributes == (("cx", "0"),)


@pytest.mark.parametrize("name", ["script", "a", "image", "style", "foreignObject", "use"])
def test_other_elements_are_no_shapes(name: str) -> None:
    """Nothing that runs, leads away or loads."""
    with pytest.raises(ValueError, match="a picture has no element"):
        shape(name)


@pytest.mark.parametrize("attribute", ["onclick", "href", "style", "id", "xlink_href"])
def test_other_attributes_are_refused(attribute: str) -> None:
    """Looks come from the style sheet."""
    with pytest.raises(ValueError, match="a shape has no attribute"):
        shape("rect", **{attribute: "x"})


def test_shapes_within_others_are_found() -> None:
    """Whatever their depth."""
    inner = Shape("text", text="here")
    drawing = Drawing(9, 9, [shape("g", "", shape("g", "", inner)), Shape("path")])
    assert inner in list(shapes_within(drawing))
    assert len(list(shapes_within(drawing))) == 4


def test_a_table_that_does_not_fit_is_a_bug() -> None:
    """A cell for each column, a mark for each row, and a mark that there is."""
    columns = (Column("a"), Column("b", numeric=True))
    with pytest.raises(ValueError, match="each row needs 2 cells"):
        Table(columns, [("1",)])
    with pytest.raises(ValueError, match="each row needs one mark"):
        Table(columns, [("1", "2")], marks=("good", "bad"))
    with pytest.raises(ValueError, match="there is no mark 'green'"):
        Table(columns, [("1", "2")], marks=("green",))


def test_a_picture_in_the_terminal_fits_the_narrowest() -> None:
    """A line that would be wrapped is a bug of the kata's."""
    Picture("t", "a", EMPTY, lines=("x" * 56,))
    with pytest.raises(ValueError, match="a line has over 56 columns"):
        Picture("t", "a", EMPTY, lines=("x" * 57,))


def test_a_section_has_an_anchor() -> None:
    """It becomes an id on the page."""
    with pytest.raises(ValueError, match="is no anchor"):
        Section("A b", "A title", ())
