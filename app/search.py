"""Searching the shop."""

import re
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.database import Db, Row, fetch_one
from app.pages import templates

router = APIRouter()
PAGE_SIZE = 20
WORD = re.compile(r"[^\W_]+")  # letters and digits; all else stands between words


@router.get("/search", include_in_schema=False)
async def search(
    request: Request,
    db: Db,
    q: Annotated[str, Query(max_length=200)] = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """Products that hold every word of the query in their name or description."""
    words = WORD.findall(q.lower())
    pages = await matching(db, words) if words else []
    products = pages[page - 1] if page <= len(pages) else []
    context = {
        "q": q,
        "page": page,
        "total": sum(map(len, pages)),
        "pages": len(pages),
        "results": [await result(db, product) for product in products],
    }
    return templates.TemplateResponse(request, "search.html", context)


async def matching(db: Db, words: list[str]) -> list[list[Row]]:
    """All matches, in pages: those with the words in the name first, then by price, then by id."""
    patterns = [rf"\m{word}\M" for word in words]
    pages = []
    async with db.transaction(), db.cursor("matches") as cursor:
        await cursor.execute(
            "SELECT *, name ~* ALL (%s) AS in_name FROM products"
            " WHERE (name || ' ' || description) ~* ALL (%s)"
            " ORDER BY in_name DESC, price, id",
            (patterns, patterns),
        )
        while page := await cursor.fetchmany(PAGE_SIZE):
            pages.append(page)
    return pages


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
