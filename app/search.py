"""Searching the shop."""

import re
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.database import Db, Row, fetch_all
from app.pages import templates

router = APIRouter()
PAGE_SIZE = 20
WORD = re.compile(r"[^\W_]+")  # letters and digits; all else stands between words
BETWEEN = r"[^[:alnum:]\u0080-\uffff]"  # Postgres itself knows no letters but a to z
MATCHES = (
    "SELECT id, price, name ~* ALL (%(words)s) AS in_name"
    " FROM products WHERE (name || ' ' || description) ~* ALL (%(words)s)"
)


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
    ids = pages[page - 1] if page <= len(pages) else []
    context = {
        "q": q,
        "page": page,
        "total": sum(map(len, pages)),
        "pages": len(pages),
        "results": await results(db, ids) if ids else [],
    }
    return templates.TemplateResponse(request, "search.html", context)


def sought(words: list[str]) -> Row:
    """What MATCHES asks for."""
    return {"words": [f"(^|{BETWEEN}){word}({BETWEEN}|$)" for word in words]}


async def matching(db: Db, words: list[str]) -> list[list[int]]:
    """All matches, in pages: those with the words in the name first, then by price, then by id."""
    pages = []
    async with db.transaction(), db.cursor("matches") as cursor:
        await cursor.execute(f"{MATCHES} ORDER BY in_name DESC, price, id".encode(), sought(words))
        while page := await cursor.fetchmany(PAGE_SIZE):
            pages.append([match["id"] for match in page])
    return pages


async def results(db: Db, ids: list[int]) -> list[Row]:
    """Products in this order, with all that the lines of the result list show."""
    return await fetch_all(
        db,
        "SELECT products.id, products.name, description, price,"
        " sellers.name AS seller, colors.name AS color, rating, review_count"
        " FROM unnest(%s::int[]) WITH ORDINALITY AS listed (id, place)"
        " JOIN products USING (id)"
        " JOIN sellers ON sellers.id = seller_id JOIN colors ON colors.id = color_id"
        " CROSS JOIN LATERAL ("
        "  SELECT avg(stars) AS rating, count(*) AS review_count"
        "  FROM purchases JOIN reviews ON purchase_id = purchases.id"
        "  WHERE purchases.product_id = products.id) AS rated"
        " ORDER BY place",
        ids,
    )
