"""One value of a column: what it is, and what it is called in a histogram. docs/columns.md has the table."""

from __future__ import annotations

import datetime
import re
import struct
from decimal import Decimal
from typing import Any, Optional

#: Texts that stand for no value, as CSV and databases write one; so does a text of blanks alone.
NULL_WORDS = frozenset(["", "NaN", "nan", "NULL", "null", "\\N"])

_NUMBER = re.compile(r"\s*[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\s*\Z")
_INFINITE = re.compile(r"\s*([+-]?)inf(?:inity)?\s*\Z", re.IGNORECASE)
#: From here on JavaScript writes a number by its exponent.
_LARGE = 10**21
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
_DAY = 86400.0
_TIMES = (datetime.date, datetime.time, datetime.timedelta)
_TIME_TYPES = frozenset(["datetime64", "timedelta64", "Period", "Interval"])


def plain(value: Any) -> Any:
    """The value as Python's own None, bool, int, float, str, date or datetime; other values as they are. NaN is None."""
    if value is None or type(value) in (bool, int, str):
        return value
    if isinstance(value, float):
        return None if value != value else float(value)
    if isinstance(value, str):  # numpy.str_, an enum of texts
        return str.__str__(value)
    if isinstance(value, int):
        return int(value)
    if type(value).__name__ in ("NAType", "NaTType"):  # pandas' nulls; NaT is a datetime as well
        return None
    if isinstance(value, Decimal):
        return _of_decimal(value)
    if type(value).__name__ in _TIME_TYPES or isinstance(value, _TIMES):
        return value
    if getattr(value, "shape", ()) != () or isinstance(value, (bytes, bytearray)):
        return value
    item = getattr(value, "item", None)
    if callable(item):  # a number or truth value of numpy
        if type(value).__name__ in ("float32", "float16"):
            return shortest(float(value), "f" if type(value).__name__ == "float32" else "e")
        return plain(item())
    if hasattr(value, "__float__"):
        return plain(float(value))
    return value


def _of_decimal(value: Decimal) -> Any:
    if value.is_nan():  # also a signalling one, which no comparison takes
        return None
    if value.is_finite() and value == value.to_integral_value() and abs(value) < _LARGE:
        return int(value)
    return float(value)


def kind_of(value: Any) -> Optional[str]:
    """Of a plain value: boolean, number, string or time; None for what no histogram counts."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, str):
        return "string"
    return "time" if type(value).__name__ in _TIME_TYPES or isinstance(value, _TIMES) else None


def shortest(value: float, code: str) -> float:
    """The number with the fewest digits that is this one in float32 (code f) or float16 (e): 0.1, not 0.10000000149."""
    for digits in range(3, 10):
        short = float(f"{value:.{digits}g}")
        try:
            if struct.unpack(code, struct.pack(code, short))[0] == value:
                return short
        except OverflowError:
            continue
    return value


def as_float(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def number_of_text(text: str) -> Optional[float]:
    """None: the text is no number."""
    if _NUMBER.match(text):
        return float(text)
    infinite = _INFINITE.match(text)
    return None if infinite is None else float(f"{infinite.group(1)}inf")


def is_null_text(text: str) -> bool:
    return text in NULL_WORDS or not text.strip()


def days_of(value: Any) -> Optional[float]:
    """Days since 1970-01-01 in UTC; a time without a zone is UTC, a number is days already. None: it is no time."""
    if type(value).__name__ == "datetime64":
        return float(value.astype("datetime64[us]").astype("int64")) / (_DAY * 1e6)
    if isinstance(value, str):
        try:
            value = datetime.datetime.fromisoformat(re.sub(r"[Zz]\Z", "+00:00", value.strip()))
        except ValueError:
            return None
    if isinstance(value, datetime.datetime):
        aware = value if value.tzinfo is not None else value.replace(tzinfo=datetime.timezone.utc)
        return (aware - _EPOCH).total_seconds() / _DAY
    if isinstance(value, datetime.date):
        return float(value.toordinal() - _EPOCH.toordinal())
    return as_float(value) if kind_of(value) == "number" else None


def name_of(value: Any) -> str:
    """Of a boolean, number or text. A number is called as JavaScript writes it: 1, 0.5, 1e+21, 1e-7; 2.0 is 2; a whole
    number keeps all its digits.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and -_LARGE < value < _LARGE:
        return str(value)
    return name_of_number(as_float(value))


def name_of_number(value: float) -> str:
    if value == 0:
        return "0"
    if value in (float("inf"), float("-inf")):
        return "Infinity" if value > 0 else "-Infinity"
    sign = "-" if value < 0 else ""
    # repr has the shortest digits that give the number back, as JavaScript has.
    mantissa, _, exponent = repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    fraction = "" if fraction == "0" else fraction
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent or 0) - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0")
    if 0 < point <= 21:
        if len(digits) <= point:
            return sign + digits.ljust(point, "0")
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    power = f"e{'+' if point > 0 else '-'}{abs(point - 1)}"
    return sign + (digits if len(digits) == 1 else f"{digits[0]}.{digits[1:]}") + power
