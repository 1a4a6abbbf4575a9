"""Referrals: a customer tells a friend about a seller."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Path
from psycopg.errors import ForeignKeyViolation
from pydantic import BaseModel, Field

from app.database import Db, Row, fetch_one

router = APIRouter(prefix="/referrals")
COLUMNS = "id, customer_id, seller_id, friend_email, sent_at, accepted_at"


class NewReferral(BaseModel):
    """Who tells whom about which seller."""

    customer_id: int = Field(ge=1, le=2_147_483_647)
    seller_id: int = Field(ge=1, le=2_147_483_647)
    friend_email: str = Field(pattern=r"^[^@\s]+@[^@\s]+$", max_length=200)


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


@router.post("/{referral_id}/accept")
async def accept(db: Db, referral_id: Annotated[int, Path(ge=1, le=2_147_483_647)]) -> Row:
    """Accept a referral; a second time changes nothing."""
    row = await fetch_one(
        db,
        "UPDATE referrals SET accepted_at = coalesce(accepted_at, now()) WHERE id = %s"
        f" RETURNING {COLUMNS}",
        referral_id,
    )
    if row is None:
        raise HTTPException(404, "There is no such referral.")
    return row
