"""Referrals: a customer recommends a seller to a friend."""

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from psycopg.errors import ForeignKeyViolation
from pydantic import BaseModel, Field

from app.database import Connection, Db, Id, Row, fetch_one
from app.pages import templates, wants_page

router = APIRouter(prefix="/referrals")
COLUMNS = "id, customer_id, seller_id, friend_email, sent_at, accepted_at"


class NewReferral(BaseModel):
    """Who recommends which seller to whom."""

    customer_id: Id
    seller_id: Id
    friend_email: str = Field(pattern=r"^[^@\s\x00]+@[^@\s\x00]+$", max_length=200)


@router.post("", status_code=201)
async def create_referral(db: Db, referral: NewReferral) -> Row:
    """Refer a seller to a friend."""
    return await insert_referral(db, referral)


@router.get("/{referral_id}", include_in_schema=False)
async def referral_page(request: Request, db: Db, referral_id: Id) -> Response:
    """The page that the friend's e-mail leads to."""
    row = await fetch_one(
        db,
        "SELECT referrals.id, sent_at, accepted_at, customers.name AS customer,"
        " sellers.name AS seller, sellers.joined_at AS seller_since"
        " FROM referrals JOIN customers ON customers.id = customer_id"
        " JOIN sellers ON sellers.id = seller_id WHERE referrals.id = %s",
        referral_id,
    )
    if row is None:
        raise HTTPException(404, "There is no such referral.")
    return templates.TemplateResponse(request, "referral.html", {"referral": row})


@router.post("/{referral_id}/accept", response_model=Row)
async def accept_referral(request: Request, db: Db, referral_id: Id) -> Row | Response:
    """Accept a referral; a second time changes nothing. Browsers are sent to its page."""
    row = await fetch_one(
        db,
        "UPDATE referrals SET accepted_at = coalesce(accepted_at, now()) WHERE id = %s"
        f" RETURNING {COLUMNS}",
        referral_id,
    )
    if row is None:
        raise HTTPException(404, "There is no such referral.")
    if wants_page(request):
        return RedirectResponse(f"/referrals/{referral_id}", status_code=303)
    return row


async def insert_referral(db: Connection, referral: NewReferral) -> Row:
    """Add a referral: 404 without the customer or the seller."""
    try:
        row = await fetch_one(
            db,
            "INSERT INTO referrals (customer_id, seller_id, friend_email)"
            f" VALUES (%s, %s, %s) RETURNING {COLUMNS}",
            referral.customer_id,
            referral.seller_id,
            referral.friend_email.lower(),
        )
    except ForeignKeyViolation as error:
        raise HTTPException(404, "There is no such customer or seller.") from error
    assert row is not None
    return row
