"""Cells as people and programs write them: codes that lost zeros, amounts as text, dates of every kind.

Every function takes a raw cell and returns the value, None where the cell is blank (blank is never zero), or raises
`BadValue` with the code of the message that explains it.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal

EXCEL_EPOCH = date(1899, 12, 30)
EXCEL_SERIALS = range(25569, 73051)  # 1970 … 2099
MAX_EXPONENT = 15
PLAUSIBLE_YEARS = range(2000, 2101)
MAX_AMOUNT_RP = 9_000_000_000_000_000

MONTHS = {
    "januari": 1, "jan": 1, "january": 1, "februari": 2, "feb": 2, "peb": 2, "pebruari": 2, "february": 2,
    "maret": 3, "mar": 3, "march": 3, "april": 4, "apr": 4, "mei": 5, "may": 5, "juni": 6, "jun": 6, "june": 6,
    "juli": 7, "jul": 7, "july": 7, "agustus": 8, "agt": 8, "agu": 8, "ags": 8, "aug": 8, "august": 8,
    "september": 9, "sep": 9, "sept": 9, "oktober": 10, "okt": 10, "oct": 10, "october": 10,
    "november": 11, "nov": 11, "nopember": 11, "nop": 11, "desember": 12, "des": 12, "dec": 12, "december": 12,
}  # fmt: skip

LOOKALIKES = str.maketrans("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧАВЕКМНОРСТУХІЅ", "ABEZHIKMNOPTYXABEKMHOPCTYXIS")  # noqa: RUF001  the point: Greek and Cyrillic letters that look Latin
UNREADABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]+")
PLAIN_NUMBER = re.compile(r"[+-]?\d+")
SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d+")
GROUPED = re.compile(r"\d{1,3}(?:(?P<mark>[.,  ' ])\d{3})(?:(?P=mark)\d{3})*")
FRACTION = re.compile(r"(?P<whole>.+)[.,](?P<fraction>\d+)")
DAY_FIRST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")
YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
IN_WORDS = re.compile(r"(\d{1,2})[-/. ]+([A-Za-z]+)[-/. ,]+(\d{4}|\d{2})")
TIME_OF_DAY = re.compile(r"[T ]\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\.\d+)?(?: ?[AaPp][Mm]|Z|[+-]\d{2}:?\d{2})?$")


class BadValue(ValueError):
    """A cell that does not hold what its column promises. `code` names the message."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def clean_text(value: object) -> str:
    """A cell as one line of text that every database can store."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else plain(value)
    if not text.isprintable():
        text = UNREADABLE.sub(" ", text)
    return text.strip()


def clipped(value: object, longest: int) -> str:
    """A description or name as text, cut where no field is longer."""
    text = clean_text(value)
    return text if len(text) <= longest else text[: longest - 1] + "…"


def plain(value: object) -> str:
    """A value of another type as text: whole floats without `.0`, dates as ISO."""
    if not isinstance(value, float | Decimal):
        return str(value)
    number = Decimal(str(value))
    if not number.is_finite() or abs(number) >= MAX_AMOUNT_RP or number != number.to_integral_value():
        return str(value)
    return str(int(number))


def amount_rp(value: object) -> int | None:
    """Whole rupiah, whatever separators the text has.

    Raises:
        BadValue: no amount, a fraction of a rupiah, or beyond every budget.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return bounded(value)
    if isinstance(value, str) and PLAIN_NUMBER.fullmatch(value):
        return bounded(int(value[:20]))
    number = decimal_number(value, grouped_thousands=True)
    if number is None:
        return None
    if number != number.to_integral_value():
        raise BadValue("amount-not-whole")
    return bounded(int(number))


def bounded(amount: int) -> int:
    """The amount itself, unless no budget can hold it.

    Raises:
        BadValue: beyond nine quadrillion rupiah, where Excel no longer counts single rupiah.
    """
    if -MAX_AMOUNT_RP < amount < MAX_AMOUNT_RP:
        return amount
    raise BadValue("amount-too-large")


def decimal_number(value: object, *, grouped_thousands: bool = False) -> Decimal | None:
    """A number with fraction.

    Args:
        grouped_thousands: whether `1.234` is one thousand two hundred thirty-four (money) or a fraction (volumes).

    Raises:
        BadValue: no number.
    """
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        raise BadValue("value-wrong-type")
    if isinstance(value, int | float | Decimal):
        return finite(Decimal(str(value)))
    if not isinstance(value, str):
        raise BadValue("value-wrong-type")
    text = value.strip().lstrip("'").strip()
    if text in {"", "-"}:
        return None
    return finite(decimal_text(text, grouped_thousands=grouped_thousands))


def finite(number: Decimal) -> Decimal:
    """The number itself, unless it is none or absurdly long.

    Raises:
        BadValue: NaN, infinity, or more than sixteen digits before the point.
    """
    if not number.is_finite():
        raise BadValue("value-not-a-number")
    if number and not -18 <= number.adjusted() <= MAX_EXPONENT:
        raise BadValue("amount-too-large")
    return number


def decimal_text(text: str, *, grouped_thousands: bool) -> Decimal:
    """A written number: `1.234.567,50`, `1,234,567.50`, `(1.000)`, `Rp 1.000`, `-5`, `1.5E+8`."""
    negative = text.startswith("(") and text.endswith(")")
    bare = text.strip("()").removesuffix(",-").strip()
    for mark in ("Rp.", "Rp", "rp", "IDR"):
        bare = bare.removeprefix(mark)
    bare = bare.strip().removesuffix("%").strip()
    negative = negative or bare.startswith(("-", "−"))
    bare = bare.lstrip("+-−").strip()
    if not bare[:1].isdigit() or len(bare) > 40:
        raise BadValue("value-not-a-number")
    number = unsigned(bare, grouped_thousands=grouped_thousands)
    return -number if negative else number


def unsigned(text: str, *, grouped_thousands: bool) -> Decimal:
    """A written number without sign; the last mark is the decimal one unless everything reads as groups of three."""
    if text.isascii() and text.isdigit():
        return Decimal(text)
    if SCIENTIFIC.fullmatch(text):
        return Decimal(text.replace(",", "."))
    grouped = GROUPED.fullmatch(text)
    if grouped and (grouped_thousands or len(text) - len(text.replace(grouped["mark"], "")) > 1):
        return Decimal(text.replace(grouped["mark"], ""))
    parts = FRACTION.fullmatch(text)
    if not parts:
        raise BadValue("value-not-a-number")
    whole = parts["whole"]
    if not (whole.isascii() and whole.isdigit()):
        inner = GROUPED.fullmatch(whole)
        if not inner or inner["mark"] == text[len(whole)]:
            raise BadValue("value-not-a-number")
        whole = whole.replace(inner["mark"], "")
    return Decimal(f"{whole}.{parts['fraction']}")


def day(value: object) -> date | None:
    """A date: Excel's own, its serial number, `31/12/2022`, `2022-12-31`, `31 Desember 2022`.

    Raises:
        BadValue: no date.
    """
    if value is None or value == "":
        return None
    if isinstance(value, date):
        return plausible(value.date() if isinstance(value, datetime) else value)
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        raise BadValue("value-not-a-date")
    try:
        return plausible(written_day(value) if isinstance(value, str) else serial_day(value))
    except (ValueError, OverflowError) as error:
        raise BadValue("value-not-a-date") from error


def plausible(found: date | None) -> date | None:
    """The day itself, unless no budget of the Republic was carried out then.

    Raises:
        BadValue: before 2000 or after 2100.
    """
    if found is not None and found.year not in PLAUSIBLE_YEARS:
        raise BadValue("value-not-a-date")
    return found


def serial_day(value: float | Decimal) -> date | None:
    """The day of a serial number of Excel, or of the digits `20221231`."""
    number = int(value)
    if number in EXCEL_SERIALS:
        return EXCEL_EPOCH + timedelta(days=number)
    return written_day(str(number))


def written_day(text: str) -> date | None:
    """The day that a text names."""
    bare = text.strip().lstrip("'").strip()
    if bare in {"", "-", "00-00-0000", "0000-00-00"}:
        return None
    if match := YEAR_FIRST.match(bare):
        rest = bare[match.end() :]
        if rest and not TIME_OF_DAY.fullmatch(rest):
            raise BadValue("value-not-a-date")
        return date(int(match[1]), int(match[2]), int(match[3]))
    bare = TIME_OF_DAY.sub("", bare)
    if match := DAY_FIRST.fullmatch(bare):
        return date(int(match[3]), int(match[2]), int(match[1]))
    if match := IN_WORDS.fullmatch(bare):
        return day_in_words(match[1], match[2], match[3])
    if match := COMPACT.fullmatch(bare):
        return date(int(match[1]), int(match[2]), int(match[3]))
    number = float(bare)
    if int(number) in EXCEL_SERIALS:
        return EXCEL_EPOCH + timedelta(days=int(number))
    raise BadValue("value-not-a-date")


def day_in_words(day_text: str, month_text: str, year_text: str) -> date:
    """The day of `1`, `Maret`, `2022` or `01`, `MAR`, `22`."""
    month = MONTHS.get(month_text.lower())
    if month is None:
        raise BadValue("value-not-a-date")
    year = int(year_text)
    return date(year if year > 99 else 2000 + year, month, int(day_text))


def code_text(value: object) -> str:
    """A code without apostrophes and blanks, whole floats without `.0`, Greek and Cyrillic look-alikes made Latin.

    Raises:
        BadValue: the cell holds no code at all (a list, a truth value, a date).
    """
    if value is None:
        return ""
    if type(value) is not str:
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            raise BadValue("value-wrong-type")
        return plain(value)
    text = value.strip().lstrip("'`’").strip()
    if text.isascii():
        return text.removesuffix(".0") if text[:-2].isdigit() else text
    return text.translate(LOOKALIKES).strip()


def padded(code: str, width: int) -> str:
    """A numeric code with the zeros that Excel took away."""
    return code.zfill(width) if code.isdigit() and len(code) < width else code


def two_characters(subkomponen: str) -> str:
    """Subkomponen as SAKTI prints it: `A` → `0A`, `051.0A` → `0A`."""
    return subkomponen.rpartition(".")[2].strip().upper().rjust(2, "0") if subkomponen else ""


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
