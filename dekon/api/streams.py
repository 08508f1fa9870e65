"""Long lists, sent while they are read: NDJSON for programs, CSV for spreadsheets."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal

from django.http import HttpRequest, StreamingHttpResponse

from dekon.api.access import scoped

type Cell = str | int | Decimal | date | datetime | bool | None
type Record = Mapping[str, Cell]

NDJSON = "application/x-ndjson"
CSV = "text/csv; charset=utf-8"
LINES_PER_CHUNK = 500
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def ndjson(request: HttpRequest, records: Callable[[], Iterable[Record]]) -> StreamingHttpResponse:
    """One JSON object a line.

    Args:
        request: whose scope the rows are read in, after the request's own transaction is over.
        records: opens the rows; called when the body begins.
    """
    return _stream(
        request,
        records,
        lambda rows: (json.dumps(row, default=plain, ensure_ascii=False) + "\n" for row in rows),
        NDJSON,
    )


def comma_separated(
    request: HttpRequest, records: Callable[[], Iterable[Record]], columns: tuple[str, ...], name: str
) -> StreamingHttpResponse:
    """A CSV file whose cells no spreadsheet takes for formulas.

    Args:
        request: whose scope the rows are read in.
        records: opens the rows.
        columns: the columns, in order.
        name: name of the file, without ending.
    """
    response = _stream(request, records, lambda rows: csv_lines(rows, columns), CSV)
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def csv_lines(rows: Iterable[Record], columns: tuple[str, ...]) -> Iterator[str]:
    """Head and lines of a CSV file."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([neutral(plain(row[column])) for column in columns])
        yield _emptied(buffer)
    yield _emptied(buffer)


def neutral(value: Cell) -> Cell:
    """A cell that no spreadsheet takes for a formula: texts that begin like one get an apostrophe."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def plain(value: object) -> str | int | None:
    """A value as JSON and CSV write it: decimals and dates as text."""
    if value is None or isinstance(value, str | int):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)


def _emptied(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def _stream(
    request: HttpRequest,
    records: Callable[[], Iterable[Record]],
    lines: Callable[[Iterable[Record]], Iterable[str]],
    media_type: str,
) -> StreamingHttpResponse:
    """The body is read in a transaction of its own: the request's is over when it runs."""

    def body() -> Iterator[bytes]:
        with scoped(request):
            chunk: list[str] = []
            for line in lines(records()):
                chunk.append(line)
                if len(chunk) == LINES_PER_CHUNK:
                    yield "".join(chunk).encode()
                    chunk.clear()
            yield "".join(chunk).encode()

    response = StreamingHttpResponse(body(), content_type=media_type)
    response["X-Accel-Buffering"] = "no"
    return response
