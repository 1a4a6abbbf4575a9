"""The home page: the shop window, and what customers wrote last."""

from fastapi import APIRouter, Request, Response

from app.database import Connection, Db, Row, fetch_all, fetch_one
from app.pages import templates
from app.visits import record_visit

router = APIRouter()


@router.get("/", include_in_schema=False)
async def home(request: Request, db: Db) -> Response:
    """The page that most visits begin with."""
    record_visit("/")
    window = await fetch_all(
        db,
        "SELECT products.* FROM shop_window JOIN products ON products.id = product_id"
        " ORDER BY place",
    )
    cards = [await product_card(db, product) for product in window]
    latest = await latest_reviews(db)
    return templates.TemplateResponse(request, "home.html", {"cards": cards, "latest": latest})


async def product_card(db: Connection, product: Row) -> Row:
    """A product with all that its card in the window shows."""
    seller = await fetch_one(db, "SELECT name FROM sellers WHERE id = %s", product["seller_id"])
    color = await fetch_one(db, "SELECT name FROM colors WHERE id = %s", product["color_id"])
    reviews = await fetch_all(
        db,
        "SELECT reviews.*, customers.name AS author"
        " FROM reviews JOIN customers ON customers.id = customer_id"
        " WHERE product_id = %s ORDER BY written_at DESC, reviews.id DESC",
        product["id"],
    )
    assert seller is not None
    assert color is not None
    stars = [review["stars"] for review in reviews]
    return product | {
        "seller": seller["name"],
        "color": color["name"],
        "rating": sum(stars) / len(stars) if stars else None,
        "review_count": len(reviews),
        "latest_review": reviews[0] if reviews else None,
    }


async def latest_reviews(db: Connection) -> list[Row]:
    """The ten reviews that were written last, in the whole shop."""
    return await fetch_all(
        db,
        "SELECT reviews.*, customers.name AS author, products.name AS product"
        " FROM reviews JOIN customers ON customers.id = customer_id"
        " JOIN products ON products.id = product_id"
        " ORDER BY written_at DESC, reviews.id DESC LIMIT 10",
    )
