"""Logging in and out."""

import hmac
import secrets
import time
from typing import Annotated

from fastapi import APIRouter, Cookie, Depends, HTTPException, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from psycopg_pool import AsyncConnectionPool
from pydantic import BaseModel, Field, ValidationError

from app.database import Connection, Db, Row, fetch_one
from app.pages import templates
from app.passwords import verify_password

router = APIRouter()
COOKIE = "session"
KEY = secrets.token_bytes(32)
MAX_BODY_BYTES = 4096  # of a log-in's body
Session = Annotated[str | None, Cookie(alias=COOKIE)]


class Credentials(BaseModel):
    """What somebody types in order to log in."""

    email: str = Field(max_length=200, pattern=r"^[^\x00]*$")
    password: str = Field(max_length=200)


async def read_credentials(request: Request) -> Credentials:
    """Address and password, from a form or from JSON."""
    body = await request.body()
    if len(body) > MAX_BODY_BYTES:
        raise HTTPException(413, "That is too long for an address and a password.")
    try:
        if is_json(request):
            return Credentials.model_validate_json(body)
        return Credentials.model_validate(dict(await request.form()))
    except ValidationError as error:
        raise HTTPException(422, "Logging in takes an email and a password.") from error


@router.get("/login", include_in_schema=False)
async def login_page(request: Request) -> Response:
    """The form."""
    return templates.TemplateResponse(request, "login.html", {"refused": False})


@router.post("/login")
async def login(
    request: Request, credentials: Annotated[Credentials, Depends(read_credentials)], db: Db
) -> Response:
    """Log in; a wrong password and an unknown address get the same answer."""
    customer = await fetch_one(
        db,
        "SELECT id, name, email, password_hash FROM customers WHERE email = %s",
        credentials.email.lower(),
    )
    if customer is None or not verify_password(credentials.password, customer["password_hash"]):
        return refusal(request)
    token = new_token(customer["id"])
    await db.execute(
        "INSERT INTO sessions (token, customer_id) VALUES (%s, %s)", (token, customer["id"])
    )
    return welcome(request, customer, token)


def new_token(customer_id: int) -> str:
    """What the browser shows from now on, signed so that nobody can make one up."""
    text = f"{customer_id}.{int(time.time())}"
    return hmac.digest(KEY, text.encode(), "sha256").hex()


def welcome(request: Request, customer: Row, token: str) -> Response:
    """A form is sent on to the home page; who sent JSON is told who they are."""
    answer: Response = RedirectResponse("/", status_code=303)
    if is_json(request):
        answer = JSONResponse({name: customer[name] for name in ("id", "name", "email")})
    answer.set_cookie(COOKIE, token, httponly=True, samesite="lax")
    return answer


def refusal(request: Request) -> Response:
    """One answer, whatever it was that was wrong."""
    if is_json(request):
        return JSONResponse({"detail": "Address or password is wrong."}, status_code=401)
    return templates.TemplateResponse(request, "login.html", {"refused": True}, status_code=401)


def is_json(request: Request) -> bool:
    """Whether the request's body is JSON."""
    return request.headers.get("content-type", "").lower().startswith("application/json")


async def current_customer(request: Request, session: Session = None) -> Row:
    """Who is logged in, or 401; no connection is held while the page is made."""
    pool: AsyncConnectionPool[Connection] = request.app.state.pool
    db = await pool.getconn()
    customer = await customer_of_session(db, session)
    await pool.putconn(db)
    return customer


@router.get("/me")
async def me(customer: Annotated[Row, Depends(current_customer)]) -> Row:
    """Who is logged in."""
    return customer


@router.post("/logout")
async def logout(request: Request, db: Db, session: Session = None) -> Response:
    """End the session."""
    if is_token(session):
        await db.execute("DELETE FROM sessions WHERE token = %s", (session,))
    answer: Response = JSONResponse({"status": "logged out"})
    if request.headers.get("accept", "").startswith("text/html"):
        answer = RedirectResponse("/", status_code=303)
    answer.delete_cookie(COOKIE)
    return answer


async def customer_of_session(db: Connection, token: str | None) -> Row:
    """The customer of a session, or 401."""
    customer = None
    if is_token(token):
        customer = await fetch_one(
            db,
            "SELECT customers.id, name, email FROM sessions"
            " JOIN customers ON customers.id = customer_id WHERE token = %s",
            token,
        )
    if customer is None:
        raise HTTPException(401, "Please log in.")
    return customer


def is_token(text: str | None) -> bool:
    """Whether a cookie's value can be a session's token at all."""
    return text is not None and text.isascii() and text.isprintable()
