"""The home page: the shop window, and what customers wrote last."""

from datetime import datetime

from fastapi import APIRouter, Request, Response

from app.database import Connection, Db, Row, fetch_all
from app.from_your_sellers import from_your_sellers
from app.login import Session
from app.pages import templates
from app.visits import record_visit

router = APIRouter()


@router.get("/", include_in_schema=False)
async def home(request: Request, db: Db, session: Session = None) -> Response:
    """The page that most visits begin with."""
    record_visit("/")
    context = {
        "cards": await product_cards(db),
        "offers": await from_your_sellers(db, session),
        "latest": await latest_reviews(db),
    }
    return templates.TemplateResponse(request, "home.html", context)


async def product_cards(db: Connection) -> list[Row]:
    """The products of the window with all that their cards show."""
    cards = await fetch_all(
        db,
        "SELECT products.id, products.name, products.price,"
        " sellers.name AS seller, colors.name AS color, rating, review_count,"
        " to_jsonb(latest) || jsonb_build_object('author', customers.name) AS latest_review"
        " FROM shop_window JOIN products ON products.id = product_id"
        " JOIN sellers ON sellers.id = seller_id JOIN colors ON colors.id = color_id"
        " CROSS JOIN LATERAL ("
        "  SELECT avg(stars)::float AS rating, count(*) AS review_count,"
        "   (array_agg(id ORDER BY written_at DESC, id DESC))[1] AS latest_id"
        "  FROM reviews WHERE reviews.product_id = products.id) AS rated"
        " LEFT JOIN reviews AS latest ON latest.id = latest_id"
        " LEFT JOIN customers ON customers.id = latest.customer_id"
        " ORDER BY place",
    )
    for card in cards:
        if card["latest_review"]:
            written_at = datetime.fromisoformat(card["latest_review"]["written_at"])
            card["latest_review"]["written_at"] = written_at
    return cards


async def latest_reviews(db: Connection) -> list[Row]:
    """The ten reviews that were written last, in the whole shop."""
    return await fetch_all(
        db,
        "SELECT latest.*, customers.name AS author, products.name AS product"
        " FROM (SELECT * FROM reviews ORDER BY written_at DESC, id DESC LIMIT 10) AS latest"
        " JOIN customers ON customers.id = customer_id"
        " JOIN products ON products.id = product_id"
        " ORDER BY written_at DESC, latest.id DESC",
    )
