"""Pandera's errors as a quality check."""

from __future__ import annotations

import sys
from collections import Counter
from typing import Any, List, Optional

from .from_pydantic import most_common, share_valid
from .pandera_rows import Case, invalid_rows, is_of_frame, read_cases
from .quality import Quality

_SCHEMA_ONLY = "pandera looked at the schema alone, and at none of the rows"
_LAZY = f"{_SCHEMA_ONLY}, as it does of a LazyFrame: validate frame.collect()"


def from_pandera(
    schema_errors: Any,
    frame: Any,
    *,
    check_name: str = "schema_compliance",
    threshold: Optional[float] = None,
    severity: Optional[str] = None,
) -> Quality:
    """The share of rows that are valid, for run.quality.

    schema_errors: the SchemaErrors of `schema.validate(frame, lazy=True)`, or None where it raised none. frame: what was
    validated; or the number of its rows, but not with Polars, where only the frame tells whether pandera looked at its rows.
    A failure of the frame as a whole (a column is missing, or has another type) makes every row invalid, and names it. Where
    pandera did not look at the rows (a LazyFrame, a validation depth of the schema alone, validation switched off), the check is
    one that could not be computed. Report it for every frame, also a valid one.
    """

    def not_computed(why: str) -> Quality:
        return Quality(check_name, None, threshold, severity, why)

    total = _rows_of(frame)
    if schema_errors is None:
        unseen = _unseen(frame)
        if unseen is not None:
            return not_computed(unseen)
        if total is None:
            return not_computed(f"a {type(frame).__name__} given; must be the frame that was validated, or its number of rows")
        return share_valid(0, total, "", check_name, threshold, severity)
    cases = getattr(schema_errors, "failure_cases", None)
    if "index" not in list(getattr(cases, "columns", [])):
        return not_computed(f"schema failed: {schema_errors}"[:2000])
    read = read_cases(cases)
    data = getattr(schema_errors, "data", None)
    # Rows without a label have no case.
    if not read or any(is_of_frame(case) for case in read) or _judged_as_a_whole(schema_errors, total):
        error = f"every record is invalid{most_common(_causes(read))}"
        return Quality(check_name, 0.0, threshold, severity, error) if total != 0 else not_computed("there were no rows")
    validated = _rows_of(data)
    if total is None:
        total = validated
    if validated is not None and validated != total:
        return not_computed(f"{total} rows given, pandera looked at {validated}: the number is wrong")
    if total is None:
        return not_computed(_unseen(frame) or "the number of rows is not known: give the frame that was validated")
    return share_valid(invalid_rows(read, data, total), total, most_common(_causes(read)), check_name, threshold, severity)


def _rows_of(frame: Any) -> Optional[int]:
    if isinstance(frame, int) and not isinstance(frame, bool):
        return frame
    try:
        return len(frame)
    except TypeError:
        return None


def _unseen(frame: Any) -> Optional[str]:
    """Why pandera did not look at the rows; None where it did."""
    config = getattr(sys.modules.get("pandera.config"), "get_config_context", None)
    # No default: an unset depth differs between a frame and a LazyFrame.
    settings = None if config is None else config(validation_depth_default=None)
    if getattr(settings, "validation_enabled", True) is False:
        return "pandera's validation is switched off"
    depth = str(getattr(getattr(settings, "validation_depth", None), "name", ""))
    if depth == "SCHEMA_ONLY":
        return _SCHEMA_ONLY
    if depth:
        return None
    if type(frame).__name__ == "LazyFrame":
        return _LAZY
    if isinstance(frame, int) and "pandera.polars" in sys.modules:
        return f"{frame} rows given; must be the frame itself with Polars, since of a LazyFrame pandera checks only the schema"
    return None


def _judged_as_a_whole(schema_errors: Any, total: Optional[int]) -> bool:
    """Whether a check of Polars gave one answer for all rows, which Pandera reports as that of the first row."""
    for error in getattr(schema_errors, "schema_errors", []):
        output = getattr(error, "check_output", None)
        collect = getattr(output, "collect", None)
        if collect is not None:
            try:
                output = collect()
            except Exception:
                continue
        height = getattr(output, "height", None)
        if height == 1 and total != 1:
            return True
    return False


def _causes(cases: List[Case]) -> "Counter[str]":
    missing = "column_in_dataframe"
    return Counter(
        f"{case.value} (missing)" if str(case.check) == missing else f"{case.column or 'frame'} ({case.check})"
        for case in cases
    )
