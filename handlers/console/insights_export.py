"""The rows behind a figure as a file: CSV as a stream, Parquet as a whole. Nobody is named in it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from bot.ports import Surroundings
from bot.runtime.exporting import FORMATS, Cell, csv_lines, parquet, rows_behind
from handlers.console.insights_wish import narrowed, read_wish

AT_ONCE: Final = 500
MOST_PARQUET: Final = 200_000
"""Rows of a file that is made in memory; CSV has no end."""


def formats() -> list[str]:
    """What can be had here."""
    return list(FORMATS)


async def give_rows(around: Surroundings, request: Request) -> Response:
    """`/console/figures/csat.csv?period=30d`, with the page's own address behind the question mark."""
    key, _, form = request.path_params["name"].rpartition(".")
    query = request.query_params
    zone = around.program.shop.zone
    wish = read_wish(query, around.clock.now(), zone)
    if form not in FORMATS:
        return JSONResponse({"detail": f"Rows come as {' or '.join(FORMATS)}."}, 404)
    if wish.problems:
        return JSONResponse({"detail": list(wish.problems)}, 422)
    wish = narrowed(wish, query.get("in", ""), query.get("days", ""), zone)
    rows = rows_behind(around.records, key, wish.period, wish.cut)
    try:
        first = [row async for row in _some(rows, 1)]
    except (KeyError, ValueError):
        return JSONResponse({"detail": f"No rows lie behind “{key}”."}, 404)
    name = f"{key.replace(':', '-')}-{wish.period.first}-{wish.period.last}.{form}"
    headers = {"content-disposition": f'attachment; filename="{_plain(name)}"', "cache-control": "no-store"}
    if form == "csv":
        return StreamingResponse(_csv(first, rows), media_type="text/csv; charset=utf-8", headers=headers)
    return await _parquet(first, rows, headers)


def _plain(name: str) -> str:
    """A file name that every system takes."""
    return "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-_.") else "_" for sign in name)


async def _some(rows: AsyncIterator[dict[str, Cell]], most: int) -> AsyncIterator[dict[str, Cell]]:
    for _ in range(most):
        try:
            yield await anext(rows)
        except StopAsyncIteration:
            return


async def _csv(first: list[dict[str, Cell]], rows: AsyncIterator[dict[str, Cell]]) -> AsyncIterator[str]:
    """The head, then some hundred rows at a time, as fast as they are taken."""
    yield csv_lines(first)
    while found := [row async for row in _some(rows, AT_ONCE)]:
        yield csv_lines(found, head=False)


async def _parquet(
    first: list[dict[str, Cell]], rows: AsyncIterator[dict[str, Cell]], headers: dict[str, str]
) -> Response:
    found = [*first, *[row async for row in _some(rows, MOST_PARQUET)]]
    if len(found) > MOST_PARQUET:
        return JSONResponse({"detail": f"More than {MOST_PARQUET:,} rows: take CSV, or a shorter time."}, 413)
    data = await asyncio.to_thread(_parquet_bytes, found)
    return Response(data, media_type="application/vnd.apache.parquet", headers=headers)


def _parquet_bytes(rows: list[dict[str, Cell]]) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "rows.parquet"
        parquet(rows, path)
        return path.read_bytes()
