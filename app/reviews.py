"""Reviews: one for each purchase, by the customer who bought."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from psycopg.errors import UniqueViolation
from pydantic import BaseModel, Field

from app.database import Connection, Db, Id, Row, Transaction, fetch_one
from app.product_page import reviews_of

router = APIRouter(prefix="/reviews")
COLUMNS = "id, purchase_id, product_id, customer_id, stars, body, written_at"


class Review(BaseModel):
    """What a customer thinks."""

    stars: int = Field(ge=1, le=5)
    body: str = Field(min_length=1, max_length=2000)


class NewReview(Review):
    """A review of something that was bought."""

    purchase_id: Id


@router.post("", status_code=201)
async def create_review(db: Db, review: NewReview) -> Row:
    """Review a purchase."""
    return await insert_review(db, review)


@router.post("/batch", status_code=201)
async def create_reviews(db: Transaction, reviews: list[NewReview]) -> list[Row]:
    """Load a batch of reviews: all of them, or none."""
    return [await insert_review(db, review) for review in reviews]


@router.get("")
async def list_reviews(db: Db, product_id: Annotated[Id, Query()]) -> list[Row]:
    """All reviews of a product, the latest first, with their authors."""
    return await reviews_of(db, product_id)


@router.get("/{review_id}")
async def get_review(db: Db, review_id: Id) -> Row:
    """One review."""
    return row_or_404(
        await fetch_one(db, f"SELECT {COLUMNS} FROM reviews WHERE id = %s", review_id)
    )


@router.put("/{review_id}")
async def update_review(db: Db, review_id: Id, review: Review) -> Row:
    """Change stars and text; the date stays."""
    return row_or_404(
        await fetch_one(
            db,
            f"UPDATE reviews SET stars = %s, body = %s WHERE id = %s RETURNING {COLUMNS}",
            review.stars,
            review.body,
            review_id,
        )
    )


@router.delete("/{review_id}", status_code=204)
async def delete_review(db: Db, review_id: Id) -> None:
    """Take a review out, spam for example."""
    row_or_404(await fetch_one(db, "DELETE FROM reviews WHERE id = %s RETURNING id", review_id))


async def insert_review(db: Connection, review: NewReview) -> Row:
    """Add the review of a purchase: 404 without the purchase, 409 if it has a review."""
    try:
        row = await fetch_one(
            db,
            "INSERT INTO reviews (purchase_id, product_id, customer_id, stars, body)"
            " SELECT id, product_id, customer_id, %s, %s FROM purchases WHERE id = %s"
            f" RETURNING {COLUMNS}",
            review.stars,
            review.body,
            review.purchase_id,
        )
    except UniqueViolation as error:
        raise HTTPException(409, "This purchase has a review.") from error
    return row_or_404(row)


def row_or_404(row: Row | None) -> Row:
    """The row, or the answer that there is none."""
    if row is None:
        raise HTTPException(404, "There is no such review or purchase.")
    return row
