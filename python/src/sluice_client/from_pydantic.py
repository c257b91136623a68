"""Pydantic's errors as a quality check."""

from __future__ import annotations

from collections import Counter
from typing import Any, Optional, Sequence

from .quality import Quality

_SHOWN = 5


def from_pydantic(
    errors: Sequence[Any],
    total: int,
    *,
    check_name: str = "schema_compliance",
    threshold: Optional[float] = None,
    severity: Optional[str] = None,
) -> Quality:
    """The share of records that are valid, for run.quality.

    errors: a ValidationError for each invalid record, gathered while validating. total: how many records were
    validated, the invalid included. Report it for every batch, also one without errors.
    """
    return share_valid(len(errors), total, _summary(errors), check_name, threshold, severity)


def share_valid(
    invalid: int, total: int, summary: str, check_name: str, threshold: Optional[float], severity: Optional[str]
) -> Quality:
    if total <= 0:
        return Quality(check_name, None, threshold, severity, "there were no records to validate")
    if invalid > total:
        return Quality(check_name, None, threshold, severity, f"{invalid} of {total} records invalid: total is wrong")
    error = f"{invalid} of {total} records invalid{summary}" if invalid else None
    return Quality(check_name, (total - invalid) / total, threshold, severity, error)


def most_common(causes: "Counter[str]") -> str:
    said = [f"{cause} {count}" for cause, count in causes.most_common(_SHOWN)]
    if len(causes) > _SHOWN:
        said.append("…")
    return f": {', '.join(said)}" if said else ""


def _summary(errors: Sequence[Any]) -> str:
    """Which fields and why, never the values."""
    causes: "Counter[str]" = Counter()
    for error in errors:
        try:
            # v2; v1's errors() takes no arguments.
            details = error.errors(include_url=False, include_context=False, include_input=False)
        except TypeError:
            details = error.errors()
        except AttributeError:
            continue
        for detail in details:
            place = ".".join("[]" if isinstance(part, int) else str(part) for part in detail["loc"]) or "record"
            causes[f"{place} ({detail['type']})"] += 1
    return most_common(causes)
