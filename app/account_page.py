"""The page of the customer who is logged in: their purchases, reviews and referrals."""

from typing import Annotated, Any

from fastapi import APIRouter, Cookie, Depends, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from app.database import Connection, Db, Id, Row, fetch_all, fetch_one
from app.login import COOKIE, customer_of_session
from app.pages import templates
from app.referrals import NewReferral, insert_referral
from app.reviews import NewReview, insert_review

router = APIRouter(prefix="/account", include_in_schema=False)
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
            return await customer_of_session(db, session)
    except HTTPException as refusal:
        if refusal.status_code != 401:
            raise
    forget = f"{COOKIE}=; Max-Age=0; Path=/; HttpOnly; SameSite=lax"
    raise HTTPException(303, "Please log in.", {"Location": "/login", "Set-Cookie": forget})


Visitor = Annotated[Row, Depends(visitor)]


@router.get("")
async def account_page(request: Request, db: Db, customer: Visitor) -> Response:
    """The page."""
    return await render(request, db, customer)


@router.post("/reviews")
async def submit_review(
    request: Request,
    db: Db,
    customer: Visitor,
    purchase_id: Annotated[Id, Form()],
    stars: Annotated[str, Form()] = "",
    body: Annotated[str, Form()] = "",
) -> Response:
    """Review something that one has bought, and nobody else's purchase."""
    typed: dict[str, Any] = {"purchase_id": purchase_id, "stars": stars, "body": plain(body)}
    own_purchase = await fetch_one(
        db,
        "SELECT id FROM purchases WHERE id = %s AND customer_id = %s",
        purchase_id,
        customer["id"],
    )
    if own_purchase is None:
        raise HTTPException(404, "You have bought nothing under this number.")
    try:
        await insert_review(db, NewReview.model_validate(typed))
    except ValidationError as error:
        return await render(request, db, customer, 422, {"typed": typed, **problem(error)})
    except HTTPException as refusal:  # reviewed meanwhile, in another window
        context = {"typed": typed, "problem": refusal.detail}
        return await render(request, db, customer, refusal.status_code, context)
    return RedirectResponse(f"/account#purchase-{purchase_id}", status_code=303)


@router.post("/referrals")
async def submit_referral(
    request: Request,
    db: Db,
    customer: Visitor,
    seller_id: Annotated[str, Form()] = "",
    friend_email: Annotated[str, Form()] = "",
) -> Response:
    """Recommend a seller to a friend."""
    typed = {"seller_id": seller_id, "friend_email": plain(friend_email)}
    try:
        new = NewReferral.model_validate({"customer_id": customer["id"], **typed})
        referral = await insert_referral(db, new)
    except ValidationError as error:
        return await render(request, db, customer, 422, {"typed": typed, **problem(error)})
    except HTTPException:  # a seller whom there isn't
        context = {"typed": typed, "problem": PROBLEMS["seller_id"], "field": "seller_id"}
        return await render(request, db, customer, 422, context)
    return RedirectResponse(f"/account#referral-{referral['id']}", status_code=303)


def plain(text: str) -> str:
    """What was typed, as it can be stored: lines end as everywhere, and no byte is zero."""
    return text.replace("\r\n", "\n").replace("\x00", "").strip()


def problem(error: ValidationError) -> dict[str, str]:
    """The first thing that is wrong with a form: its field, and what to say about it."""
    field = str(error.errors()[0]["loc"][0])
    return {"field": field, "problem": PROBLEMS[field]}


async def render(
    request: Request,
    db: Connection,
    customer: Row,
    status: int = 200,
    form: dict[str, Any] | None = None,
) -> Response:
    """The page; `form` holds what was typed into a refused form, and what is wrong with it."""
    purchases = await fetch_all(
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
    referrals = await fetch_all(
        db,
        "SELECT referrals.id, friend_email, sent_at, accepted_at, sellers.name AS seller"
        " FROM referrals JOIN sellers ON sellers.id = seller_id"
        " WHERE customer_id = %s ORDER BY sent_at DESC, referrals.id DESC",
        customer["id"],
    )
    context = {
        "customer": customer,
        "purchases": purchases,
        "referrals": referrals,
        "sellers": {purchase["seller_id"]: purchase["seller"] for purchase in purchases},
        "typed": {},
        **(form or {}),
    }
    return templates.TemplateResponse(request, "account.html", context, status_code=status)
