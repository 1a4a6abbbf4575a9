"""Referrals: a customer tells a friend about a seller."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Request, Response
from fastapi.responses import RedirectResponse
from psycopg.errors import ForeignKeyViolation
from pydantic import BaseModel, Field

from app.database import Db, Row, fetch_one
from app.pages import templates, wants_page

router = APIRouter(prefix="/referrals")
Id = Annotated[int, Path(ge=1, le=2_147_483_647)]
COLUMNS = "id, customer_id, seller_id, friend_email, sent_at, accepted_at"


class NewReferral(BaseModel):
    """Who tells whom about which seller."""

    customer_id: int = Field(ge=1, le=2_147_483_647)
    seller_id: int = Field(ge=1, le=2_147_483_647)
    friend_email: str = Field(pattern=r"^[^@\s\x00]+@[^@\s\x00]+$", max_length=200)


@router.post("", status_code=201)
async def create(db: Db, referral: NewReferral) -> Row:
    """Refer a seller to a friend."""
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


@router.get("/{referral_id}", include_in_schema=False)
async def invitation(request: Request, db: Db, referral_id: Id) -> Response:
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
async def accept(request: Request, db: Db, referral_id: Id) -> Row | Response:
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
