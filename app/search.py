"""Searching the shop."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.database import Db, Row, fetch_all, fetch_one
from app.pages import templates

router = APIRouter()
PAGE_SIZE = 20


@router.get("/search", include_in_schema=False)
async def search(
    request: Request,
    db: Db,
    q: Annotated[str, Query(max_length=200)] = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """Products that hold every word of the query in their name or description."""
    words = q.lower().replace("\x00", " ").split()
    matches = await matching(db, words) if words else []
    shown = matches[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    results = [await result(db, product) for product in shown]
    context = {
        "q": q,
        "page": page,
        "total": len(matches),
        "pages": -(-len(matches) // PAGE_SIZE),
        "results": results,
    }
    return templates.TemplateResponse(request, "search.html", context)


async def matching(db: Db, words: list[str]) -> list[Row]:
    """All matches: those with the words in the name first, then by price, then by id."""
    patterns = [
        "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        for word in words
    ]
    return await fetch_all(
        db,
        "SELECT *, name ILIKE ALL (%s) AS in_name FROM products"
        " WHERE (name || ' ' || description) ILIKE ALL (%s)"
        " ORDER BY in_name DESC, price, id",
        patterns,
        patterns,
    )


async def result(db: Db, product: Row) -> Row:
    """A product with what a line of the result list shows."""
    seller = await fetch_one(db, "SELECT name FROM sellers WHERE id = %s", product["seller_id"])
    color = await fetch_one(db, "SELECT name FROM colors WHERE id = %s", product["color_id"])
    rating = await fetch_one(
        db,
        "SELECT avg(stars) AS rating, count(*) AS review_count FROM reviews WHERE product_id = %s",
        product["id"],
    )
    assert seller is not None
    assert color is not None
    assert rating is not None
    return product | rating | {"seller": seller["name"], "color": color["name"]}
