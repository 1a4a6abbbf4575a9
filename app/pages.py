"""Templates, for the routers that answer with pages, and who is to get one."""

from pathlib import Path

from fastapi import Request
from fastapi.templating import Jinja2Templates

templates = Jinja2Templates(directory=Path(__file__).parent / "templates")


def wants_page(request: Request) -> bool:
    """Whether a browser asks, which names HTML first, and not a client of the API."""
    return request.headers.get("accept", "").startswith("text/html")
