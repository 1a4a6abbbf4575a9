"""A product's page, and the product's reviews with their authors."""

from fastapi import APIRouter, HTTPException, Request, Response

from app.database import Connection, Db, Id, Row, fetch_all, fetch_one
from app.pages import templates

router = APIRouter()


@router.get("/products/{product_id}", include_in_schema=False)
async def product_page(request: Request, db: Db, product_id: Id) -> Response:
    """One product with all its reviews."""
    product = await fetch_one(
        db,
        "SELECT products.*, sellers.name AS seller, colors.name AS color FROM products"
        " JOIN sellers ON sellers.id = seller_id JOIN colors ON colors.id = color_id"
        " WHERE products.id = %s",
        product_id,
    )
    if product is None:
        raise HTTPException(404, "There is no such product.")
    reviews = await reviews_of(db, product_id)
    stars = [review["stars"] for review in reviews]
    context = {
        "product": product,
        "reviews": reviews,
        "rating": sum(stars) / len(stars) if stars else None,
    }
    return templates.TemplateResponse(request, "product.html", context)


async def reviews_of(db: Connection, product_id: int) -> list[Row]:
    """A product's reviews, the latest first, each with who wrote it."""
    reviews = await fetch_all(
        db,
        "SELECT reviews.* FROM purchases JOIN reviews ON purchase_id = purchases.id"
        " WHERE purchases.product_id = %s ORDER BY written_at DESC, reviews.id DESC",
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
