"""The map in app/README.md: which file answers which route."""

import re

from fastapi.routing import APIRoute

from app.main import PAGES, RESOURCES, app
from tests.support.project import ROOT

README = (ROOT / "app" / "README.md").read_text()


def routes_by_file() -> dict[str, set[str]]:
    """The paths that each module of the app answers, the aliases under /customers left out."""
    paths: dict[str, set[str]] = {}
    routers = [module.router for module in (*PAGES, *RESOURCES)]
    for route in [route for router in (app, *routers) for route in router.routes]:
        if isinstance(route, APIRoute) and not route.path.startswith("/customers"):
            file = f"{route.endpoint.__module__.rpartition('.')[2]}.py"
            paths.setdefault(file, set()).add(route.path)
    return paths


def map_by_file() -> dict[str, set[str]]:
    """The paths that the README's first table gives to each file."""
    rows = re.findall(r"^\| (`.*) \| \[`(\w+\.py)`\]", README, flags=re.MULTILINE)
    paths = {file: set(re.findall(r"`(?:[A-Z]+ )?(/[^`]*)`", cell)) for cell, file in rows}
    return {file: in_map - {"/customers"} for file, in_map in paths.items()}


def test_the_map_shows_every_route() -> None:
    """Each route of the app stands in the map, beside the file that answers it."""
    assert map_by_file() == routes_by_file()


def test_the_map_names_what_there_is() -> None:
    """Every link leads somewhere, and every module and folder of app/ is linked."""
    links = set(re.findall(r"\]\(([^)]+)\)", README))
    assert [link for link in links if not (ROOT / "app" / link).exists()] == []
    there = {
        path.name
        for path in (ROOT / "app").iterdir()
        if path.suffix != ".md" and not path.name.startswith("__")
    }
    assert there - links == set()
