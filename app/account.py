"""A customer's own room: what they bought, what they think of it, whom they told."""

from typing import Annotated, Any

from fastapi import APIRouter, Cookie, Depends, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from app import referrals, reviews
from app.accounts import COOKIE, logged_in
from app.database import Connection, Db, Row, fetch_all, fetch_one
from app.pages import templates

router = APIRouter(prefix="/account", include_in_schema=False)
Id = Annotated[int, Form(ge=1, le=2_147_483_647)]
PROBLEMS = {
    "stars": "Choose from one to five stars.",
    "body": "Say in a few words what you think, in at most 2,000 characters.",
    "seller_id": "Choose a seller.",
    "friend_email": "That is not an e-mail address.",
}


async def visitor(db: Db, session: Annotated[str | None, Cookie(alias=COOKIE)] = None) -> Row:
    """Who is logged in; anybody else is sent to the log-in, and a dead session is forgotten."""
    try:
        if session and "\x00" not in session:  # which Postgres' texts can't hold
            return await logged_in(db, session)
    except HTTPException as refusal:
        if refusal.status_code != 401:
            raise
    forget = f"{COOKIE}=; Max-Age=0; Path=/; HttpOnly; SameSite=lax"
    raise HTTPException(303, "Please log in.", {"Location": "/login", "Set-Cookie": forget})


Visitor = Annotated[Row, Depends(visitor)]


@router.get("")
async def room(request: Request, db: Db, customer: Visitor) -> Response:
    """The page."""
    return await shown(request, db, customer)


@router.post("/reviews")
async def leave_review(
    request: Request,
    db: Db,
    customer: Visitor,
    purchase_id: Id,
    stars: Annotated[str, Form()] = "",
    body: Annotated[str, Form()] = "",
) -> Response:
    """Review something that one has bought, and nobody else's purchase."""
    typed: dict[str, Any] = {"purchase_id": purchase_id, "stars": stars, "body": plain(body)}
    own = await fetch_one(
        db,
        "SELECT id FROM purchases WHERE id = %s AND customer_id = %s",
        purchase_id,
        customer["id"],
    )
    if own is None:
        raise HTTPException(404, "You have bought nothing under this number.")
    try:
        await reviews.create(db, reviews.NewReview.model_validate(typed))
    except ValidationError as error:
        return await shown(request, db, customer, 422, {"typed": typed, **problem(error)})
    except HTTPException as refusal:  # reviewed meanwhile, in another window
        told = {"typed": typed, "problem": refusal.detail}
        return await shown(request, db, customer, refusal.status_code, told)
    return RedirectResponse(f"/account#purchase-{purchase_id}", status_code=303)


@router.post("/referrals")
async def refer(
    request: Request,
    db: Db,
    customer: Visitor,
    seller_id: Annotated[str, Form()] = "",
    friend_email: Annotated[str, Form()] = "",
) -> Response:
    """Tell a friend about a seller."""
    typed = {"seller_id": seller_id, "friend_email": plain(friend_email)}
    try:
        asked = referrals.NewReferral.model_validate({"customer_id": customer["id"], **typed})
        made = await referrals.create(db, asked)
    except ValidationError as error:
        return await shown(request, db, customer, 422, {"typed": typed, **problem(error)})
    except HTTPException:  # a seller whom there isn't
        told = {"typed": typed, "problem": PROBLEMS["seller_id"], "field": "seller_id"}
        return await shown(request, db, customer, 422, told)
    return RedirectResponse(f"/account#referral-{made['id']}", status_code=303)


def plain(text: str) -> str:
    """What was typed, as it can be kept: lines end as everywhere, and no byte is zero."""
    return text.replace("\r\n", "\n").replace("\x00", "").strip()


def problem(error: ValidationError) -> dict[str, str]:
    """The first thing that is wrong with a form: its field, and what to say about it."""
    field = str(error.errors()[0]["loc"][0])
    return {"field": field, "problem": PROBLEMS[field]}


async def shown(
    request: Request,
    db: Connection,
    customer: Row,
    status: int = 200,
    refused: dict[str, Any] | None = None,
) -> Response:
    """The page; `refused` holds what was typed into a form, and what is wrong with it."""
    bought = await fetch_all(
        db,
        "SELECT purchases.id, purchases.product_id, purchases.seller_id, purchases.price,"
        " bought_at, products.name AS product, colors.name AS color, sellers.name AS seller,"
        " reviews.id AS review_id, stars, body, written_at"
        " FROM purchases JOIN products ON products.id = purchases.product_id"
        " JOIN colors ON colors.id = color_id JOIN sellers ON sellers.id = purchases.seller_id"
        " LEFT JOIN reviews ON purchase_id = purchases.id"
        " WHERE purchases.customer_id = %s ORDER BY bought_at DESC, purchases.id DESC",
        customer["id"],
    )
    told = await fetch_all(
        db,
        "SELECT referrals.id, friend_email, sent_at, accepted_at, sellers.name AS seller"
        " FROM referrals JOIN sellers ON sellers.id = seller_id"
        " WHERE customer_id = %s ORDER BY sent_at DESC, referrals.id DESC",
        customer["id"],
    )
    context = {
        "customer": customer,
        "bought": bought,
        "referrals": told,
        "sellers": {one["seller_id"]: one["seller"] for one in bought},
        "typed": {},
        **(refused or {}),
    }
    return templates.TemplateResponse(request, "account.html", context, status_code=status)
