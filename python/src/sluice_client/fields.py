"""Checks the fields of a report at the call, in the words of the agent, instead of waiting for its answer."""

from __future__ import annotations

import json
import math
import operator
import re
from datetime import date, datetime, timezone
from typing import Any, List, Optional, Union

MOST_COUNT = 2**53 - 1
_NAME = re.compile(r"^(?!\.{1,2}\Z)[^\x00-\x1f\x7f-\x9f\ud800-\udfff]{1,200}\Z")
_SPACE = re.compile(r"\s")
_DIGIT_LIMIT = 1e11
#: As databases and programs write numbers: no separators, no "nan", no "0x10".
_DECIMAL = re.compile(r"\s*\+?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?\s*\Z")


class Wrong(Exception):
    """A field that cannot be sent; the text names it, what was given and what is allowed."""


def shown(value: object) -> str:
    if isinstance(value, str):
        return json.dumps(value if len(value) <= 50 else f"{value[:50]}…", ensure_ascii=False)
    try:
        text = repr(value)
    except Exception:
        text = f"a {type(value).__name__}"
    return text if len(text) <= 60 else f"{text[:60]}…"


def wrong(field: str, value: object, allowed: str) -> Wrong:
    return Wrong(f"{field}: {shown(value)} given; must be {allowed}")


def name(field: str, value: object) -> str:
    if isinstance(value, str) and _NAME.match(value):
        return value
    raise wrong(field, value, "a name of 1 to 200 characters without control characters, not '.' or '..'")


def run_id(value: object) -> str:
    if isinstance(value, str) and _NAME.match(value) and not _SPACE.search(value):
        return value
    raise wrong("run_id", value, "1 to 200 characters without whitespace or control characters, not '.' or '..'")


def count(field: str, value: object) -> int:
    """Takes what is plainly a count: 12.0, "47500", whole numbers of numpy, Decimal and Fraction; not True, 1.5 or "1,000"."""
    whole = value if type(value) is int else _as_whole(value)
    if whole is not None and 0 <= whole <= MOST_COUNT:
        return whole
    raise wrong(field, value, f"a whole number from 0 to {MOST_COUNT}")


def _as_whole(value: Any) -> Optional[int]:
    if _is_truth(value):
        return None
    if isinstance(value, str):
        if not _DECIMAL.match(value):
            return None
        digits = value.strip().lstrip("+")
        value = int(digits) if digits.isdigit() else float(digits)
    try:
        return operator.index(value)
    except TypeError:
        pass
    if not hasattr(value, "__float__"):
        return None
    try:
        whole = int(value)
        return whole if whole == value else None
    except (TypeError, ValueError, OverflowError):  # NaN and infinity are no number of things
        return None


def _is_truth(value: object) -> bool:
    """numpy's truth values too."""
    return isinstance(value, bool) or type(value).__name__ in ("bool_", "bool")


def number(field: str, value: object, least: float, most: float, allowed: str) -> float:
    plain = value if type(value) is float else _as_float(value)
    if isinstance(plain, float) and least <= plain <= most:
        return plain
    raise wrong(field, value, allowed)


def _as_float(value: Any) -> Any:
    """numpy's numbers, Decimal, Fraction and decimal text too; other text and truth values stay what they are."""
    if isinstance(value, str):
        return float(value) if _DECIMAL.match(value) else value
    if isinstance(value, bytes) or _is_truth(value) or value is None or not hasattr(value, "__float__"):
        return value
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return value


def score(value: object, error: Optional[str]) -> Optional[float]:
    if value is None:
        if error:
            return None
        raise Wrong("error: missing; a check without a score must say in error why it could not be computed")
    return number("score", value, 0.0, 1.0, "a number from 0 to 1, or None together with an error")


def threshold(value: object) -> float:
    return number("threshold", value, 0.0, 1.0, "a number from 0 to 1")


def severity(value: object) -> str:
    if value in ("error", "warn"):
        return str(value)
    raise wrong("severity", value, "one of error, warn")


def seconds(value: object) -> Union[float, List[float]]:
    allowed = "seconds from 0 to 1e6: a number, or at most 100000 numbers"
    if isinstance(value, (int, float)) or value is None or isinstance(value, (str, bytes)):
        return number("seconds", value, 0.0, 1e6, allowed)
    try:
        listed = list(value)  # type: ignore[call-overload]
    except TypeError:
        return number("seconds", value, 0.0, 1e6, allowed)
    if len(listed) > 100_000:
        raise Wrong(f"seconds: {len(listed)} numbers given; must be {allowed}")
    return [number(f"seconds[{i}]", item, 0.0, 1e6, allowed) for i, item in enumerate(listed)]


def attempt(value: object) -> int:
    return _nth("attempt", value)


def try_number(value: object) -> int:
    return _nth("try", value)


def _nth(field: str, value: object) -> int:
    whole = value if type(value) is int else _as_whole(value)
    if whole is not None and 1 <= whole <= 1_000_000:
        return whole
    raise wrong(field, value, "a whole number from 1 to 1000000")


def expected_min_of(value: object) -> str:
    if value in ("part", "stage"):
        return str(value)
    raise wrong("expected_min_of", value, "one of part, stage")


def when(field: str, value: object) -> Union[str, float]:
    """RFC 3339 or Unix seconds, from those, or a datetime (without a time zone: UTC), a date (its first moment in UTC)."""
    allowed = "a datetime, a date, an RFC 3339 time such as 2026-11-20T02:00:00Z, or Unix seconds"
    if isinstance(value, datetime):
        if value != value:  # pandas' NaT
            raise wrong(field, value, allowed)
        aware = value if value.tzinfo is not None else value.replace(tzinfo=timezone.utc)
        return aware.astimezone(timezone.utc).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return f"{value.isoformat()}T00:00:00Z"
    if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
        if abs(value) < _DIGIT_LIMIT:
            return value
        raise wrong(field, value, "Unix seconds, not milliseconds")
    if type(value).__name__ == "datetime64" and str(value) != "NaT":
        text = str(value)
        return f"{text}T00:00:00Z" if len(text) == 10 else f"{text}Z"
    if isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d", value):
        return value
    raise wrong(field, value, allowed)


def text(field: str, value: object) -> str:
    if isinstance(value, str):
        return value[:8192]
    if isinstance(value, BaseException):
        return f"{type(value).__name__}: {value}"[:8192]
    raise wrong(field, value, "a text or an exception")
