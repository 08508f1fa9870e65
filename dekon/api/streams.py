"""Long lists, sent while they are read: NDJSON for programs, CSV for tables."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import batched

from django.http import HttpRequest, StreamingHttpResponse

from dekon.api.access import scoped
from dekon.lib.exports import Cell, csv_stream

type Record = Mapping[str, Cell]

NDJSON = "application/x-ndjson"
CSV = "text/csv; charset=utf-8"
LINES_PER_CHUNK = 500


def ndjson(request: HttpRequest, records: Callable[[], Iterable[Record]]) -> StreamingHttpResponse:
    """One JSON object a line.

    Args:
        request: whose scope the rows are read in, after the request's own transaction is over.
        records: opens the rows; called when the body begins.
    """

    def pieces() -> Iterator[bytes]:
        for portion in batched(records(), LINES_PER_CHUNK):
            lines = (json.dumps(dict(record), default=str, ensure_ascii=False) for record in portion)
            yield "".join(f"{line}\n" for line in lines).encode()

    return _stream(request, pieces, NDJSON)


def comma_separated(
    request: HttpRequest, records: Callable[[], Iterable[Record]], columns: tuple[str, ...], name: str
) -> StreamingHttpResponse:
    """A CSV file with commas and decimal points, whose cells no spreadsheet takes for formulas.

    Args:
        request: whose scope the rows are read in.
        records: opens the rows; called when the body begins.
        columns: the columns, in order.
        name: name of the file, without ending.
    """

    def pieces() -> Iterator[bytes]:
        rows = ([record[column] for column in columns] for record in records())
        yield from csv_stream(columns, rows, separator=",", bom=False)

    response = _stream(request, pieces, CSV)
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _stream(request: HttpRequest, pieces: Callable[[], Iterator[bytes]], media_type: str) -> StreamingHttpResponse:
    def body() -> Iterator[bytes]:
        with scoped(request):
            yield from pieces()

    response = StreamingHttpResponse(body(), content_type=media_type)
    response["X-Accel-Buffering"] = "no"
    return response
