"""Reviews: one for each purchase, by the one who bought."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Query
from psycopg.errors import UniqueViolation
from pydantic import BaseModel, Field

from app.database import Connection, Db, Row, Transaction, fetch_all, fetch_one

router = APIRouter(prefix="/reviews")
Id = Annotated[int, Path(ge=1, le=2_147_483_647)]
COLUMNS = "id, purchase_id, product_id, customer_id, stars, body, written_at"


class Review(BaseModel):
    """What a customer thinks."""

    stars: int = Field(ge=1, le=5)
    body: str = Field(min_length=1, max_length=2000)


class NewReview(Review):
    """A review of something that was bought."""

    purchase_id: int = Field(ge=1, le=2_147_483_647)


@router.post("", status_code=201)
async def create(db: Db, review: NewReview) -> Row:
    """Review a purchase."""
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
    return found(row)


@router.post("/batch", status_code=201)
async def create_batch(db: Transaction, reviews: list[NewReview]) -> list[Row]:
    """Load a batch of reviews: all of them, or none."""
    return [await create(db, review) for review in reviews]


@router.get("")
async def list_of_product(
    db: Db, product_id: Annotated[int, Query(ge=1, le=2_147_483_647)]
) -> list[Row]:
    """All reviews of a product, the latest first, with their authors."""
    return await reviews_of(db, product_id)


@router.get("/{review_id}")
async def read(db: Db, review_id: Id) -> Row:
    """One review."""
    return found(await fetch_one(db, f"SELECT {COLUMNS} FROM reviews WHERE id = %s", review_id))


@router.put("/{review_id}")
async def update(db: Db, review_id: Id, review: Review) -> Row:
    """Change stars and text; the date stays."""
    return found(
        await fetch_one(
            db,
            f"UPDATE reviews SET stars = %s, body = %s WHERE id = %s RETURNING {COLUMNS}",
            review.stars,
            review.body,
            review_id,
        )
    )


@router.delete("/{review_id}", status_code=204)
async def delete(db: Db, review_id: Id) -> None:
    """Take a review out, spam for example."""
    found(await fetch_one(db, "DELETE FROM reviews WHERE id = %s RETURNING id", review_id))


async def reviews_of(db: Connection, product_id: int) -> list[Row]:
    """A product's reviews, the latest first, each with who wrote it."""
    reviews = await fetch_all(
        db,
        f"SELECT {COLUMNS} FROM reviews WHERE product_id = %s ORDER BY written_at DESC, id DESC",
        product_id,
    )
    return [review | await author(db, review["customer_id"]) for review in reviews]


async def author(db: Connection, customer_id: int) -> Row:
    """A customer's name, and how many reviews they have written."""
    customer = await fetch_one(db, "SELECT name FROM customers WHERE id = %s", customer_id)
    written = await fetch_one(
        db, "SELECT count(*) AS written FROM reviews WHERE customer_id = %s", customer_id
    )
    assert customer is not None
    assert written is not None
    return {"author": customer["name"], "author_reviews": written["written"]}


def found(row: Row | None) -> Row:
    """The row, or 404."""
    if row is None:
        raise HTTPException(404, "There is no such review or purchase.")
    return row
