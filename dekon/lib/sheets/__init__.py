"""Tables that people hand in: workbooks, delimited texts and JSON. The only place that reads workbooks."""

from dekon.lib.sheets.book import Cell, Row, TableBook, column_letter, open_table
from dekon.lib.sheets.records import NOT_A_NUMBER, Record

__all__ = ["NOT_A_NUMBER", "Cell", "Record", "Row", "TableBook", "column_letter", "open_table"]
