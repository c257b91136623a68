"""Pandera's errors as a quality check."""

from __future__ import annotations

from collections import Counter
from typing import Any, List, Optional

from .from_pydantic import most_common, share_valid
from .quality import Quality


def from_pandera(
    schema_errors: Any,
    total: int,
    *,
    check_name: str = "schema_compliance",
    threshold: Optional[float] = None,
    severity: Optional[str] = None,
) -> Quality:
    """The share of rows that are valid, for run.quality.

    schema_errors: the SchemaErrors of `schema.validate(frame, lazy=True)`, or None where it raised none. total: rows
    of the frame. A failure of the frame as a whole (a column is missing, or has another type) makes every row invalid.
    Report it for every frame, also a valid one.
    """
    if schema_errors is None:
        return share_valid(0, total, "", check_name, threshold, severity)
    cases = getattr(schema_errors, "failure_cases", None)
    columns = list(getattr(cases, "columns", []))
    if "index" not in columns:
        return Quality(check_name, 0.0 if total > 0 else None, threshold, severity, f"schema failed: {schema_errors}"[:2000])
    indexes = _column(cases, "index")
    causes: "Counter[str]" = Counter(
        f"{column} ({check})" for column, check in zip(_column(cases, "column"), _column(cases, "check"))
    )
    whole_frame = any(index is None or index != index for index in indexes)
    invalid = total if whole_frame else len(set(indexes))
    return share_valid(invalid, total, most_common(causes), check_name, threshold, severity)


def _column(frame: Any, name: str) -> List[Any]:
    if name not in list(frame.columns):
        return [None] * len(frame)
    values: List[Any] = frame[name].to_list()
    return values
