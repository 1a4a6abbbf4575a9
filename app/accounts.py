"""Logging in and out."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Cookie, Form, HTTPException, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from app.database import Connection, Db, Row, fetch_one
from app.pages import templates
from app.passwords import verify_password

router = APIRouter()
COOKIE = "session"


@router.get("/login", include_in_schema=False)
async def login_page(request: Request) -> Response:
    """The form."""
    return templates.TemplateResponse(request, "login.html", {"refused": False})


@router.post("/login")
async def login(
    request: Request,
    db: Db,
    email: Annotated[str, Form(max_length=200)],
    password: Annotated[str, Form(max_length=200)],
) -> Response:
    """Log in; a wrong password and an unknown address get the same answer."""
    customer = await fetch_one(
        db, "SELECT id, password_hash FROM customers WHERE email = %s", email
    )
    if customer is None or not verify_password(password, customer["password_hash"]):
        return templates.TemplateResponse(request, "login.html", {"refused": True}, status_code=401)
    token = secrets.token_urlsafe(24)
    await db.execute(
        "INSERT INTO sessions (token, customer_id) VALUES (%s, %s)", (token, customer["id"])
    )
    answer = RedirectResponse("/", status_code=303)
    answer.set_cookie(COOKIE, token, httponly=True, samesite="lax")
    return answer


@router.get("/me")
async def me(db: Db, session: Annotated[str | None, Cookie()] = None) -> Row:
    """Who is logged in."""
    return await logged_in(db, session)


@router.post("/logout")
async def logout(db: Db, session: Annotated[str | None, Cookie()] = None) -> Response:
    """End the session."""
    await db.execute("DELETE FROM sessions WHERE token = %s", (session,))
    answer = JSONResponse({"status": "logged out"})
    answer.delete_cookie(COOKIE)
    return answer


async def logged_in(db: Connection, token: str | None) -> Row:
    """The customer of a session, or 401."""
    customer = await fetch_one(
        db,
        "SELECT customers.id, name, email FROM sessions"
        " JOIN customers ON customers.id = customer_id WHERE token = %s",
        token,
    )
    if customer is None:
        raise HTTPException(401, "Please log in.")
    return customer
