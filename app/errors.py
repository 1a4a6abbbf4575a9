"""The answers to requests that fail: a page for browsers, JSON for clients of the API."""

from collections.abc import Sequence

from fastapi import FastAPI, Request, Response
from fastapi.exception_handlers import http_exception_handler, request_validation_exception_handler
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from psycopg import DataError
from starlette.exceptions import HTTPException

from app.instrumentation.server_timing import server_timing
from app.pages import templates, wants_page

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
    app.add_exception_handler(HTTPException, http_exception)
    app.add_exception_handler(RequestValidationError, validation_error)
    app.add_exception_handler(DataError, data_error)
    app.add_exception_handler(Exception, unexpected_error)


async def http_exception(request: Request, error: Exception) -> Response:
    """Something that a route refuses, or a path that has no route."""
    assert isinstance(error, HTTPException)
    if error.status_code not in HEADLINES or not wants_page(request):
        return await http_exception_handler(request, error)
    unmatched = error.status_code == 404 and "route" not in request.scope
    answer = error_page(request, error.status_code, [NOT_FOUND if unmatched else str(error.detail)])
    answer.headers.update(error.headers or {})
    return answer


async def validation_error(request: Request, error: Exception) -> Response:
    """A value that is not what the route takes."""
    assert isinstance(error, RequestValidationError)
    if not wants_page(request):
        return await request_validation_exception_handler(request, error)
    problems = [f"{'.'.join(map(str, e['loc'][1:]))}: {e['msg']}." for e in error.errors()]
    return error_page(request, 422, problems)


async def data_error(request: Request, error: Exception) -> Response:
    """A text or a number that Postgres can't hold, such as one with a NUL byte in it."""
    assert isinstance(error, DataError)
    return await http_exception(request, HTTPException(422, "This can't be kept as it is."))


async def unexpected_error(request: Request, error: Exception) -> Response:
    """An error that nobody caught; the server logs it after the answer."""
    if wants_page(request):
        answer: Response = error_page(request, 500, [BROKEN])
    else:
        answer = JSONResponse({"detail": "Internal Server Error"}, 500)
    answer.headers.update(server_timing())
    return answer


def error_page(request: Request, status: int, problems: Sequence[str]) -> Response:
    """A page of the shop that says what is wrong."""
    context = {"headline": HEADLINES[status], "problems": problems, "status": status}
    return templates.TemplateResponse(request, "failure.html", context, status_code=status)
