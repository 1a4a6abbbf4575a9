"""What is answered when something can't be: a page for browsers, JSON for clients of the API."""

from collections.abc import Sequence

from fastapi import FastAPI, Request, Response
from fastapi.exception_handlers import http_exception_handler, request_validation_exception_handler
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from psycopg import DataError
from starlette.exceptions import HTTPException

from app.pages import templates, wants_page
from app.timing import told

__all__ = ["install"]

HEADLINES = {
    404: "We looked everywhere",
    405: "That can't be done here",
    422: "We did not understand that",
    500: "Something broke on our side",
}
NOT_FOUND = "There is no such page."
BROKEN = "It is not your fault, and we have a note of it. Please try again in a moment."


def install(app: FastAPI) -> None:
    """Answer every failure of the application in the form that suits who asks."""
    app.add_exception_handler(HTTPException, refused)
    app.add_exception_handler(RequestValidationError, misunderstood)
    app.add_exception_handler(DataError, not_kept)
    app.add_exception_handler(Exception, broken)


async def refused(request: Request, error: Exception) -> Response:
    """Something that a route refuses, or a path that has no route."""
    assert isinstance(error, HTTPException)
    if error.status_code not in HEADLINES or not wants_page(request):
        return await http_exception_handler(request, error)
    unmatched = error.status_code == 404 and "route" not in request.scope
    answer = page(request, error.status_code, [NOT_FOUND if unmatched else str(error.detail)])
    answer.headers.update(error.headers or {})
    return answer


async def misunderstood(request: Request, error: Exception) -> Response:
    """A value that is not what the route takes."""
    assert isinstance(error, RequestValidationError)
    if not wants_page(request):
        return await request_validation_exception_handler(request, error)
    problems = [f"{'.'.join(map(str, one['loc'][1:]))}: {one['msg']}." for one in error.errors()]
    return page(request, 422, problems)


async def not_kept(request: Request, error: Exception) -> Response:
    """A text or a number that Postgres can't hold, such as one with a NUL byte in it."""
    assert isinstance(error, DataError)
    return await refused(request, HTTPException(422, "This can't be kept as it is."))


async def broken(request: Request, error: Exception) -> Response:
    """An error that nobody caught; the server logs it after the answer."""
    if wants_page(request):
        answer: Response = page(request, 500, [BROKEN])
    else:
        answer = JSONResponse({"detail": "Internal Server Error"}, 500)
    answer.headers.update(told())
    return answer


def page(request: Request, status: int, problems: Sequence[str]) -> Response:
    """A page that says what is wrong, in the shop's own dress."""
    context = {"headline": HEADLINES[status], "problems": problems, "status": status}
    return templates.TemplateResponse(request, "failure.html", context, status_code=status)
